"""What all expressions share: tokens, placeholders, limits. Source: Developer Guide, "Expression attribute names",
"Reserved words in DynamoDB", "Quotas in Amazon DynamoDB", "Expression parameters"."""

import pytest
from support import invalid
from values import N, S


def condition(ddb, table, expression, names=None, values=None):
    extra = {}
    if names is not None:
        extra["ExpressionAttributeNames"] = names
    if values is not None:
        extra["ExpressionAttributeValues"] = values
    return ddb.put_item(TableName=table, Item={"p": S("syntax")}, ConditionExpression=expression, **extra)


def project(ddb, table, expression, **extra):
    return ddb.get_item(TableName=table, Key={"p": S("syntax")}, ProjectionExpression=expression, **extra)


@pytest.mark.parametrize(
    "expression, token, near",
    [
        ("a ! b", "!", "a ! b"),
        ("a = ", "<EOF>", "= "),
        ("a = :v )", ")", ":v )"),
        ("= :v", "=", "= :v"),
        ("a == :v", "=", "== :v"),
        (" ! b", "!", " ! b"),
        ("Remove = :v", "Remove", "Remove ="),
        ("a.between = :v", "between", ".between ="),
        ("a[007] = :v", "0", "007"),
    ],
)
def test_a_syntax_error_names_the_token_and_what_is_near(ddb, table, expression, token, near):
    with invalid(f'Invalid ConditionExpression: Syntax error; token: "{token}", near: "{near}"'):
        condition(ddb, table, expression, values={":v": N(1)})


@pytest.mark.parametrize("expression", ["_a", "1a", "a..b", "a.", ".a", "a[-1]", "a[]", "a[b]", "a[#i]", "a[0", "#", "a b", "a,", ""])
def test_malformed_paths_are_refused(ddb, table, expression):
    with invalid("Invalid ProjectionExpression: "):
        project(ddb, table, expression, **({"ExpressionAttributeNames": {"#i": "i"}} if "#i" in expression else {}))


def test_blanks_may_be_anywhere_between_tokens(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a": {"M": {"b": {"L": [N(1)]}}}})
    reply = ddb.get_item(TableName=table, Key={"p": S(p)}, ProjectionExpression=" a\t.\nb\r[ 0 ] ")
    assert reply["Item"] == {"a": {"M": {"b": {"L": [N(1)]}}}}


@pytest.mark.parametrize("word", ["status", "NAME", "zone", "abort", "ttl"])
def test_reserved_words_need_a_placeholder(ddb, table, word):
    with invalid(f"Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: {word}"):
        project(ddb, table, word)
    with invalid(f"Attribute name is a reserved keyword; reserved keyword: {word}"):
        project(ddb, table, "a." + word)
    project(ddb, table, "#w", ExpressionAttributeNames={"#w": word})


def test_placeholders_must_be_defined(ddb, table):
    with invalid("An expression attribute name used in the document path is not defined; attribute name: #n"):
        project(ddb, table, "#n")
    with invalid("An expression attribute value used in expression is not defined; attribute value: :v"):
        condition(ddb, table, "a = :v")


def test_placeholders_must_be_used(ddb, table):
    with invalid("Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}"):
        project(ddb, table, "#a", ExpressionAttributeNames={"#a": "a", "#b": "b"})
    with invalid("Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}"):
        condition(ddb, table, "a = :v", values={":v": N(1), ":w": N(2)})


def test_a_placeholder_that_would_not_be_reached_counts_as_used(ddb, table):
    condition(ddb, table, "attribute_exists(p) OR attribute_not_exists(p) OR a = :v", values={":v": N(1)})


def test_placeholders_without_an_expression_are_refused(ddb, table):
    with invalid("ExpressionAttributeNames can only be specified when using expressions"):
        ddb.put_item(TableName=table, Item={"p": S("syntax")}, ExpressionAttributeNames={"#a": "a"})
    with invalid("ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null"):
        ddb.put_item(TableName=table, Item={"p": S("syntax")}, ExpressionAttributeValues={":a": N(1)})


def test_empty_placeholder_maps_are_refused(ddb, table):
    with invalid("ExpressionAttributeNames must not be empty"):
        condition(ddb, table, "attribute_exists(a)", names={})
    with invalid("ExpressionAttributeValues must not be empty"):
        condition(ddb, table, "attribute_exists(a)", values={})


def test_placeholders_have_their_sigils(ddb, table):
    with invalid('ExpressionAttributeNames contains invalid key: Syntax error; key: "a"'):
        condition(ddb, table, "a = :v", names={"a": "b"}, values={":v": N(1)})
    with invalid('ExpressionAttributeValues contains invalid key: Syntax error; key: "v"'):
        condition(ddb, table, "a = :v", values={"v": N(1)})


def test_placeholders_have_at_most_255_bytes(ddb, table):
    longest = "#" + "n" * 254
    project(ddb, table, longest, ExpressionAttributeNames={longest: "a"})
    too_long = "The expression attribute map contains a key that is too long; size of key: 256"
    with invalid("ExpressionAttributeNames contains invalid key: " + too_long):
        project(ddb, table, "a", ExpressionAttributeNames={longest + "n": "a"})
    with invalid("ExpressionAttributeValues contains invalid key: " + too_long):
        condition(ddb, table, "a = :v", values={":" + "v" * 255: N(1)})


def test_a_bad_value_names_its_placeholder(ddb, table):
    with invalid("ExpressionAttributeValues contains invalid value: ", "for key :v"):
        condition(ddb, table, "a = :v", values={":v": {"N": "abc"}})


def test_a_dot_in_a_placeholders_target_is_part_of_the_name(ddb, table, p):
    ddb.put_item(TableName=table, Item={"p": S(p), "a.b": N(1), "a": {"M": {"b": N(2)}}})
    reply = ddb.get_item(TableName=table, Key={"p": S(p)}, ProjectionExpression="#n", ExpressionAttributeNames={"#n": "a.b"})
    assert reply["Item"] == {"a.b": N(1)}


def test_redundant_parentheses_are_refused(ddb, table, p):
    with invalid("Invalid ConditionExpression: The expression has redundant parentheses;"):
        condition(ddb, table, "((a = :v))", values={":v": N(1)})
    ddb.put_item(TableName=table, Item={"p": S(p)}, ConditionExpression="(attribute_not_exists(p))")
    ddb.put_item(
        TableName=table,
        Item={"p": S(p)},
        ConditionExpression="((attribute_exists(p)) AND attribute_not_exists(b))",
    )


# --- Limits ---


def test_an_expression_has_at_most_4096_bytes(ddb, table):
    fits = "a" * 200 + " = :v" + " " * (4096 - 205)
    assert len(fits) == 4096
    with pytest.raises(ddb.exceptions.ConditionalCheckFailedException):
        condition(ddb, table, fits, values={":v": N(1)})
    with invalid("Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 4097"):
        condition(ddb, table, fits + " ", values={":v": N(1)})


def test_an_expression_has_at_most_300_operators(ddb, table):
    def with_operators(count):  # count is odd: comparisons, and what joins them.
        return " OR ".join(["a=:v"] * ((count + 1) // 2))

    with pytest.raises(ddb.exceptions.ConditionalCheckFailedException):
        condition(ddb, table, with_operators(299), values={":v": N(1)})
    with invalid("The expression contains too many operators; operator count: 301"):
        condition(ddb, table, with_operators(301), values={":v": N(1)})


def test_in_takes_at_most_100_operands(ddb, table):
    def members(count):
        return "a IN (" + ",".join([":v"] * count) + ")"

    with pytest.raises(ddb.exceptions.ConditionalCheckFailedException):
        condition(ddb, table, members(99), values={":v": N(1)})
    with invalid("Invalid ConditionExpression: "):
        condition(ddb, table, members(101), values={":v": N(1)})


def test_a_path_has_at_most_32_levels(ddb, table):
    project(ddb, table, ".".join(["a"] * 32))
    with invalid("The document path has too many nesting levels; nesting levels: 33"):
        project(ddb, table, ".".join(["a"] * 33))


def test_a_list_index_fits_in_its_range(ddb, table):
    with invalid("List index is not within the allowable range; index: [99999999999999]"):
        project(ddb, table, "a[99999999999999]")


def test_unused_placeholders_are_reported_after_syntax(ddb, table):
    with invalid("Invalid ConditionExpression: Syntax error"):
        condition(ddb, table, "a = = :v", values={":v": N(1), ":unused": N(1)})


def test_the_update_is_checked_before_the_condition(ddb, table):
    with invalid("Invalid UpdateExpression: "):
        ddb.update_item(TableName=table, Key={"p": S("syntax")}, UpdateExpression="SET !", ConditionExpression="!")
