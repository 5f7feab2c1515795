#include "connector/query_code.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "connector/call_rules.h"
#include "connector/json_text.h"
#include "connector/near_names.h"
#include "connector/service.h"
#include "wire/json.h"

namespace armature::connector {
namespace {

using wire::Json;

constexpr std::string_view kLanguages[] = {"cli", "curl", "python", "javascript", "java", "go"};
// Members that hold maps of names to attribute values, and lists of values.
constexpr std::string_view kAttributeMaps[] = {"Key", "Item", "ExpressionAttributeValues", "ExclusiveStartKey"};

bool is_attribute_map(std::string_view name) {
  return std::find(std::begin(kAttributeMaps), std::end(kAttributeMaps), name) != std::end(kAttributeMaps);
}

std::string kebab(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && !text.empty()) text += '-';
    text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return text;
}

std::string lower_first(std::string_view name) {
  std::string text(name);
  text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

std::string snake(std::string_view name) {
  std::string text = kebab(name);
  std::replace(text.begin(), text.end(), '-', '_');
  return text;
}

// For a POSIX shell: inside '…' nothing has a meaning.
std::string shell_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) c == '\'' ? quoted += "'\\''" : quoted += c;
  return quoted + "'";
}

// JSON's strings are strings in Python, JavaScript, Java and Go as well, control characters escaped.
std::string quoted(std::string_view text) {
  std::string out;
  wire::JsonWriter writer(&out);
  writer.string(text);
  return out;
}

std::string indent(int depth) { return std::string(static_cast<std::size_t>(depth) * 4, ' '); }

std::string endpoint_of(const SavedConnection& connection) {
  const Endpoint endpoint = connection.endpoint.empty() ? regional_endpoint(Service::kDynamoDb, connection.region)
                                                        : parse_endpoint(connection.endpoint).value();
  return fmt::format("{}://{}{}", endpoint.secure ? "https" : "http", endpoint.host_header(),
                     endpoint.path == "/" ? "" : endpoint.path);
}

std::string cli(const SavedConnection& connection, const BoundQuery& query, const Json& request) {
  std::string text =
      fmt::format("aws {} {}", service_of(query.operation) == Service::kStreams ? "dynamodbstreams" : "dynamodb",
                  kebab(query.operation));
  for (const wire::JsonMember& member : request.members) {
    const bool text_value = member.value.is(Json::Kind::kString);
    if (member.value.is(Json::Kind::kBool)) {
      text += fmt::format(" \\\n    --{}{}", member.value.boolean ? "" : "no-", kebab(member.name));
    } else {
      text += fmt::format(" \\\n    --{} {}", kebab(member.name),
                          shell_quoted(text_value ? std::string(member.value.text) : json_text(member.value)));
    }
  }
  text += fmt::format(" \\\n    --region {}", connection.region);
  if (!connection.endpoint.empty())
    text += fmt::format(" \\\n    --endpoint-url {}", shell_quoted(endpoint_of(connection)));
  return text + "\n";
}

std::string curl(const SavedConnection& connection, const BoundQuery& query, const Json& request) {
  const Service service = service_of(query.operation);
  return fmt::format(
      "curl --silent --show-error {} \\\n"
      "    --aws-sigv4 'aws:amz:{}:dynamodb' --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" \\\n"
      "    ${{AWS_SESSION_TOKEN:+--header \"X-Amz-Security-Token: $AWS_SESSION_TOKEN\"}} \\\n"
      "    --header 'Content-Type: application/x-amz-json-1.0' \\\n"
      "    --header 'X-Amz-Target: {}{}' \\\n"
      "    --data-binary {}\n",
      shell_quoted(endpoint_of(connection) + "/"), connection.region, target_prefix(service), query.operation,
      shell_quoted(json_text(request)));
}

// Python and JavaScript take DynamoDB JSON as their own literals, but for binary values. `data`: inside attribute
// values.
struct Literals {
  std::string_view yes, no, none;
  std::string_view binary_before, binary_after;
};
constexpr Literals kPython{"True", "False", "None", "base64.b64decode(", ")"};
constexpr Literals kJavaScript{"true", "false", "null", "Buffer.from(", ", \"base64\")"};

std::string literal(const Json& json, const Literals& literals, int depth, bool binary = false) {
  switch (json.kind) {
    case Json::Kind::kNull: return std::string(literals.none);
    case Json::Kind::kBool: return std::string(json.boolean ? literals.yes : literals.no);
    case Json::Kind::kNumber: return std::string(json.text);
    case Json::Kind::kString:
      return binary ? fmt::format("{}{}{}", literals.binary_before, quoted(json.text), literals.binary_after)
                    : quoted(json.text);
    case Json::Kind::kArray: {
      std::string text = "[";
      for (std::size_t i = 0; i < json.elements.size(); ++i)
        text += (i > 0 ? ", " : "") + literal(json.elements[i], literals, depth, binary);
      return text + "]";
    }
    case Json::Kind::kObject: break;
  }
  if (json.members.empty()) return "{}";
  const bool short_one = json.members.size() == 1 && !json.members[0].value.is(Json::Kind::kObject);
  std::string text = "{";
  for (const wire::JsonMember& member : json.members) {
    // {"B": "…"} is binary wherever it stands; a request has no other member of that name.
    const bool is_binary = (member.name == "B" && member.value.is(Json::Kind::kString)) ||
                           (member.name == "BS" && member.value.is(Json::Kind::kArray));
    if (!short_one) text += "\n" + indent(depth + 1);
    text += fmt::format("{}: {}{}", quoted(member.name), literal(member.value, literals, depth + 1, is_binary),
                        short_one ? "" : ",");
  }
  return text + (short_one ? "}" : "\n" + indent(depth) + "}");
}

std::string python(const SavedConnection& connection, const BoundQuery& query, const Json& request) {
  const bool streams = service_of(query.operation) == Service::kStreams;
  const std::string arguments = literal(request, kPython, 0);
  const bool base64 = arguments.find("base64.b64decode(") != std::string::npos;
  return fmt::format(
      "{}import boto3\n\nclient = boto3.client({}, region_name={}{})\nresponse = client.{}(**{})\nprint(response)\n",
      base64 ? "import base64\n\n" : "", quoted(streams ? "dynamodbstreams" : "dynamodb"), quoted(connection.region),
      connection.endpoint.empty() ? "" : ", endpoint_url=" + quoted(endpoint_of(connection)), snake(query.operation),
      arguments);
}

std::string javascript(const SavedConnection& connection, const BoundQuery& query, const Json& request) {
  const bool streams = service_of(query.operation) == Service::kStreams;
  const std::string_view client = streams ? "DynamoDBStreamsClient" : "DynamoDBClient";
  return fmt::format(
      "import {{ {0}, {1}Command }} from \"@aws-sdk/client-dynamodb{2}\";\n\n"
      "const client = new {0}({{ region: {3}{4} }});\n"
      "const response = await client.send(new {1}Command({5}));\nconsole.log(response);\n",
      client, query.operation, streams ? "-streams" : "", quoted(connection.region),
      connection.endpoint.empty() ? "" : ", endpoint: " + quoted(endpoint_of(connection)),
      literal(request, kJavaScript, 0));
}

// --- Java and Go have a type for everything, so they are written member by member.

std::string java_value(const Json& value, int depth);
std::string java_map(const Json& json, int depth) {
  if (json.members.empty()) return "Map.of()";
  std::string text = "Map.ofEntries(";
  for (std::size_t i = 0; i < json.members.size(); ++i) {
    text += fmt::format("{}\n{}Map.entry({}, {})", i > 0 ? "," : "", indent(depth + 1), quoted(json.members[i].name),
                        java_value(json.members[i].value, depth + 1));
  }
  return text + ")";
}

std::string java_value(const Json& value, int depth) {
  if (value.members.size() != 1) return "AttributeValue.fromNul(true)";
  const auto& [type, content] = value.members[0];
  const auto texts = [&content = content](std::string_view wrapper) {
    std::string list;
    for (const Json& element : content.elements) {
      list += (list.empty() ? "" : ", ") +
              (wrapper.empty() ? quoted(element.text) : fmt::format("{}({}))", wrapper, quoted(element.text)));
    }
    return list;
  };
  constexpr std::string_view kBytes = "SdkBytes.fromByteArray(Base64.getDecoder().decode";
  if (type == "S") return fmt::format("AttributeValue.fromS({})", quoted(content.text));
  if (type == "N") return fmt::format("AttributeValue.fromN({})", quoted(content.text));
  if (type == "B") return fmt::format("AttributeValue.fromB({}({})))", kBytes, quoted(content.text));
  if (type == "BOOL") return fmt::format("AttributeValue.fromBool({})", content.boolean);
  if (type == "SS") return fmt::format("AttributeValue.fromSs(List.of({}))", texts(""));
  if (type == "NS") return fmt::format("AttributeValue.fromNs(List.of({}))", texts(""));
  if (type == "BS") return fmt::format("AttributeValue.fromBs(List.of({}))", texts(kBytes));
  if (type == "M") return fmt::format("AttributeValue.fromM({})", java_map(content, depth));
  if (type == "L") {
    std::string list;
    for (const Json& element : content.elements) list += (list.empty() ? "" : ", ") + java_value(element, depth);
    return fmt::format("AttributeValue.fromL(List.of({}))", list);
  }
  return "AttributeValue.fromNul(true)";
}

std::string go_map(const Json& json, int depth);
std::string go_value(const Json& value, int depth) {
  if (value.members.size() != 1) return "&types.AttributeValueMemberNULL{Value: true}";
  const auto& [type, content] = value.members[0];
  const auto texts = [&content = content](bool binary) {
    std::string list;
    for (const Json& element : content.elements)
      list += fmt::format("{}{}", list.empty() ? "" : ", ",
                          binary ? fmt::format("decode({})", quoted(element.text)) : quoted(element.text));
    return list;
  };
  std::string inner;
  if (type == "S" || type == "N") inner = quoted(content.text);
  if (type == "B") inner = fmt::format("decode({})", quoted(content.text));
  if (type == "BOOL") inner = content.boolean ? "true" : "false";
  if (type == "NULL") inner = "true";
  if (type == "SS" || type == "NS") inner = fmt::format("[]string{{{}}}", texts(false));
  if (type == "BS") inner = fmt::format("[][]byte{{{}}}", texts(true));
  if (type == "M") inner = go_map(content, depth);
  if (type == "L") {
    std::string list;
    for (const Json& element : content.elements) list += (list.empty() ? "" : ", ") + go_value(element, depth);
    inner = fmt::format("[]types.AttributeValue{{{}}}", list);
  }
  return fmt::format("&types.AttributeValueMember{}{{Value: {}}}", type, inner);
}

std::string go_map(const Json& json, int depth) {
  std::string text = "map[string]types.AttributeValue{";
  for (const wire::JsonMember& member : json.members)
    text += fmt::format("\n{}{}: {},", indent(depth + 1), quoted(member.name), go_value(member.value, depth + 1));
  return text + (json.members.empty() ? "" : "\n" + indent(depth)) + "}";
}

// Members that are enumerations in Go.
std::string_view go_enum(std::string_view name) {
  for (const std::string_view known : {"ReturnConsumedCapacity", "ReturnItemCollectionMetrics", "ReturnValues",
                                       "ReturnValuesOnConditionCheckFailure", "Select"}) {
    if (name != known) continue;
    return name == "ReturnValues" ? "ReturnValue" : known;
  }
  return "";
}

bool typed_operation(std::string_view operation) {
  constexpr std::string_view kKnown[] = {"GetItem", "PutItem",          "UpdateItem", "DeleteItem",   "Query",
                                         "Scan",    "ExecuteStatement", "ListTables", "DescribeTable"};
  return std::find(std::begin(kKnown), std::end(kKnown), operation) != std::end(kKnown);
}

// The text of one member; empty: it has no simple form.
std::string java_member(const wire::JsonMember& member) {
  const Json& value = member.value;
  if (value.is(Json::Kind::kObject) && is_attribute_map(member.name)) return java_map(value, 2);
  if (value.is(Json::Kind::kObject) && member.name == "ExpressionAttributeNames") {
    std::string text;
    for (const wire::JsonMember& name : value.members)
      text += fmt::format("{}Map.entry({}, {})", text.empty() ? "" : ", ", quoted(name.name), quoted(name.value.text));
    return fmt::format("Map.ofEntries({})", text);
  }
  if (value.is(Json::Kind::kArray) && member.name == "Parameters") {
    std::string text;
    for (const Json& element : value.elements) text += (text.empty() ? "" : ", ") + java_value(element, 2);
    return fmt::format("List.of({})", text);
  }
  if (value.is(Json::Kind::kString)) return quoted(value.text);
  if (value.is(Json::Kind::kNumber)) return std::string(value.text);
  if (value.is(Json::Kind::kBool)) return value.boolean ? "true" : "false";
  return "";
}

std::string go_member(const wire::JsonMember& member) {
  const Json& value = member.value;
  if (value.is(Json::Kind::kObject) && is_attribute_map(member.name)) return go_map(value, 2);
  if (value.is(Json::Kind::kObject) && member.name == "ExpressionAttributeNames") {
    std::string text;
    for (const wire::JsonMember& name : value.members)
      text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", quoted(name.name), quoted(name.value.text));
    return fmt::format("map[string]string{{{}}}", text);
  }
  if (value.is(Json::Kind::kArray) && member.name == "Parameters") {
    std::string text;
    for (const Json& element : value.elements) text += (text.empty() ? "" : ", ") + go_value(element, 2);
    return fmt::format("[]types.AttributeValue{{{}}}", text);
  }
  if (value.is(Json::Kind::kString)) {
    if (const std::string_view type = go_enum(member.name); !type.empty())
      return fmt::format("types.{}({})", type, quoted(value.text));
    return fmt::format("aws.String({})", quoted(value.text));
  }
  if (value.is(Json::Kind::kNumber)) return fmt::format("aws.Int32({})", value.text);
  if (value.is(Json::Kind::kBool)) return fmt::format("aws.Bool({})", value.boolean);
  return "";
}

Unexpected<std::string> no_form(std::string_view language, std::string_view what) {
  return Unexpected(
      fmt::format("{} has no form in {} here; there are cli, curl, python and javascript", what, language));
}

Expected<std::string, std::string> java(const SavedConnection& connection, const BoundQuery& query,
                                        const Json& request) {
  if (!typed_operation(query.operation)) return no_form("java", query.operation);
  std::string members;
  for (const wire::JsonMember& member : request.members) {
    const std::string value = java_member(member);
    if (value.empty()) return no_form("java", member.name);
    members += fmt::format("\n                .{}({})", lower_first(member.name), value);
  }
  return fmt::format(
      "import java.net.URI;\nimport java.util.Base64;\nimport java.util.List;\nimport java.util.Map;\n"
      "import software.amazon.awssdk.core.SdkBytes;\nimport software.amazon.awssdk.regions.Region;\n"
      "import software.amazon.awssdk.services.dynamodb.DynamoDbClient;\nimport "
      "software.amazon.awssdk.services.dynamodb.model.*;\n\n"
      "public class Run {{\n    public static void main(String[] arguments) {{\n"
      "        try (DynamoDbClient client = DynamoDbClient.builder()\n"
      "                .region(Region.of({})){}.build()) {{\n"
      "            var response = client.{}({}Request.builder(){}\n                .build());\n"
      "            System.out.println(response);\n        }}\n    }}\n}}\n",
      quoted(connection.region),
      connection.endpoint.empty() ? ""
                                  : fmt::format(".endpointOverride(URI.create({}))", quoted(endpoint_of(connection))),
      lower_first(query.operation), query.operation, members);
}

Expected<std::string, std::string> go(const SavedConnection& connection, const BoundQuery& query, const Json& request) {
  if (!typed_operation(query.operation)) return no_form("go", query.operation);
  std::string members;
  for (const wire::JsonMember& member : request.members) {
    const std::string value = go_member(member);
    if (value.empty()) return no_form("go", member.name);
    members += fmt::format("\n        {}: {},", member.name, value);
  }
  const bool decodes = members.find("decode(\"") != std::string::npos;
  const bool types = members.find("types.") != std::string::npos;
  const bool aws = members.find("aws.") != std::string::npos || !connection.endpoint.empty();
  return fmt::format(
      "package main\n\nimport (\n    \"context\"\n{}    \"fmt\"\n    \"log\"\n\n{}"
      "    \"github.com/aws/aws-sdk-go-v2/config\"\n    \"github.com/aws/aws-sdk-go-v2/service/dynamodb\"\n{})\n\n{}"
      "func main() {{\n    ctx := context.Background()\n    cfg, err := config.LoadDefaultConfig(ctx, "
      "config.WithRegion({}))\n"
      "    if err != nil {{\n        log.Fatal(err)\n    }}\n    client := dynamodb.NewFromConfig(cfg{})\n"
      "    response, err := client.{}(ctx, &dynamodb.{}Input{{{}\n    }})\n    if err != nil {{\n        "
      "log.Fatal(err)\n    }}\n"
      "    fmt.Printf(\"%+v\\n\", response)\n}}\n",
      decodes ? "    \"encoding/base64\"\n" : "", aws ? "    \"github.com/aws/aws-sdk-go-v2/aws\"\n" : "",
      types ? "    \"github.com/aws/aws-sdk-go-v2/service/dynamodb/types\"\n" : "",
      decodes ? "func decode(text string) []byte {\n    data, err := base64.StdEncoding.DecodeString(text)\n    if err "
                "!= nil {\n"
                "        log.Fatal(err)\n    }\n    return data\n}\n\n"
              : "",
      quoted(connection.region),
      connection.endpoint.empty() ? ""
                                  : fmt::format(", func(o *dynamodb.Options) {{ o.BaseEndpoint = aws.String({}) }}",
                                                quoted(endpoint_of(connection))),
      query.operation, query.operation, members);
}

// The request as the connection would send it, its table prefix included. The connection's other rules say who may
// call, not how.
std::string body_to_send(const SavedConnection& connection, const BoundQuery& query) {
  SavedConnection unrestrained = connection;
  unrestrained.read_only = false;
  unrestrained.user_role = UserRole::kAdmin;
  unrestrained.table_filter.clear();
  const auto body = permit_call(unrestrained, read_settings(connection.options), service_of(query.operation),
                                query.operation, query.body);
  return body ? *body : query.body;
}

}  // namespace

std::span<const std::string_view> code_languages() { return kLanguages; }

Expected<std::string, std::string> query_code(const SavedConnection& connection, const BoundQuery& query,
                                              std::string_view language) {
  Arena arena;
  const std::string body = body_to_send(connection, query);
  const auto request = wire::parse_json(body, &arena);
  if (!request || !(*request)->is(Json::Kind::kObject)) return Unexpected(std::string("the request is no JSON object"));
  if (language == "cli") return cli(connection, query, **request);
  if (language == "curl") return curl(connection, query, **request);
  if (language == "python") return python(connection, query, **request);
  if (language == "javascript") return javascript(connection, query, **request);
  if (language == "java") return java(connection, query, **request);
  if (language == "go") return go(connection, query, **request);
  return Unexpected(fmt::format("there is no code in '{}'; {}", language, did_you_mean(language, kLanguages)));
}

}  // namespace armature::connector
