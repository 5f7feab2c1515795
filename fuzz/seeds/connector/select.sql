SELECT "a", b.c[0] FROM "Orders"."by_day" WHERE p = '{{s}}' AND c IN ({{list}}) AND n >= {{n}} -- the last
/* and */ ORDER BY c DESC; DELETE FROM {{name}} WHERE p = ?