using System.Text;
using Mimir.Protocol.Headers;
using Xunit;

namespace Mimir.Protocol.Tests.Headers;

public sealed class ParamHeadersSchemaTests
{
    [Fact]
    public void TryParse_ExampleOfTheSpecification_FindsTheRegion()
    {
        var headers = Parse("""
            {"type":"object","properties":{
              "region":{"type":"string","description":"The region to execute the query in","x-mcp-header":"Region"},
              "query":{"type":"string","description":"The SQL query to execute"}},
             "required":["region","query"]}
            """);
        var item = Assert.Single(headers.Items);
        Assert.Equal("Mcp-Param-Region", item.Name);
        Assert.Equal(["region"], item.Path);
        Assert.Equal(ParamHeaderType.String, item.Type);
        Assert.False(headers.IsEmpty);
    }

    [Fact]
    public void TryParse_NestedProperties_KeepsTheirPathAndOrder()
    {
        var headers = Parse("""
            {"properties":{"o":{"type":"object","properties":{"x-mcp-header":{"x-mcp-header":"N","type":"integer"},"a.b":{"type":"boolean","x-mcp-header":"B"}}},
             "":{"type":"string","x-mcp-header":"!#$%&'*+-.^_`|~09AZaz"}}}
            """);
        Assert.Equal(
            ["Mcp-Param-N <- o.x-mcp-header", "Mcp-Param-B <- o.a.b", "Mcp-Param-!#$%&'*+-.^_`|~09AZaz <- "],
            headers.Items.Select(i => i.ToString()));
        Assert.Equal([ParamHeaderType.Integer, ParamHeaderType.Boolean, ParamHeaderType.String], headers.Items.Select(i => i.Type));
        Assert.Equal(["o", "a.b"], headers.Items[1].Path);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"type\":\"object\"}")]
    [InlineData("{\"properties\":{\"a\":{\"type\":\"string\"}}}")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"properties\":{\"x-mcp-header\":{\"type\":\"string\"}}}")]
    [InlineData("{\"properties\":{\"a\":{\"type\":\"object\",\"default\":{\"x-mcp-header\":\"\"}}}}")]
    [InlineData("{\"properties\":{\"a\":{\"const\":{\"x-mcp-header\":1},\"enum\":[{\"x-mcp-header\":1}],\"examples\":[{\"x-mcp-header\":1}]}}}")]
    [InlineData("{\"properties\":{\"a\":{\"description\":\"see x-mcp-header\",\"X-MCP-HEADER\":\"A\",\"x-mcp-header \":1}}}")]
    [InlineData("{\"properties\":{\"a\":{\"type\":\"string\",\"description\":\"\\u00e9\"}},\"properties\":{}}")]
    [InlineData("{\"properties\":[{\"x-mcp-header\":\"A\"}]}")]
    public void TryParse_NoAnnotation_IsValidAndEmpty(string schema) => Assert.Same(ParamHeaders.None, Parse(schema));

    /// <summary>The tools that the conformance suite offers as invalid, then the other rules of the specification.</summary>
    public static TheoryData<string, string> Invalid { get; } = new()
    {
        { """{"properties":{"value":{"type":"string","x-mcp-header":""}}}""", "token" },
        { """{"properties":{"data":{"type":"object","x-mcp-header":"Data"}}}""", "type" },
        { """{"properties":{"items":{"type":"array","items":{"type":"string"},"x-mcp-header":"Items"}}}""", "type" },
        { """{"properties":{"nil":{"type":"null","x-mcp-header":"Nil"}}}""", "type" },
        { """{"properties":{"f":{"type":"number","x-mcp-header":"F"}}}""", "type" },
        { """{"properties":{"f":{"x-mcp-header":"F"}}}""", "type" },
        { """{"properties":{"f":{"type":["string","null"],"x-mcp-header":"F"}}}""", "type" },
        { """{"properties":{"f":{"type":"String","x-mcp-header":"F"}}}""", "type" },
        { """{"properties":{"a":{"type":"string","x-mcp-header":"Region"},"b":{"type":"string","x-mcp-header":"Region"}}}""", "before" },
        { """{"properties":{"a":{"type":"string","x-mcp-header":"MyField"},"b":{"type":"string","x-mcp-header":"myfield"}}}""", "before" },
        { """{"properties":{"a":{"type":"string","x-mcp-header":"A"},"o":{"properties":{"b":{"type":"string","x-mcp-header":"a"}}}}}""", "before" },
        { """{"properties":{"value":{"type":"string","x-mcp-header":"My Region"}}}""", "token" },
        { """{"properties":{"value":{"type":"string","x-mcp-header":"Region:Primary"}}}""", "token" },
        { """{"properties":{"value":{"type":"string","x-mcp-header":"Région"}}}""", "token" },
        { """{"properties":{"value":{"type":"string","x-mcp-header":"Region\t1"}}}""", "token" },
        { """{"properties":{"value":{"type":"string","x-mcp-header":"A\r\nEvil: 1"}}}""", "token" },
        { """{"properties":{"value":{"type":"string","x-mcp-header":"\ud800"}}}""", "token" },
        { """{"properties":{"value":{"type":"string","x-mcp-header":1}}}""", "token" },
        { """{"properties":{"value":{"type":"string","x-mcp-header":null}}}""", "token" },
        { """{"properties":{"value":{"type":"string","x-mcp-header":["A"]}}}""", "token" },
        { """{"properties":{"value":{"type":"string","x-mcp-header":{"x-mcp-header":"A"}}}}""", "token" },
        { """{"type":"string","x-mcp-header":"A"}""", "reached" },
        { """{"properties":{"\ud800":{"type":"string","x-mcp-header":"A"}}}""", "reached" },
        { """{"properties":{"a":{"type":"string","x-mcp-header":"A","x-mcp-header":"B"}}}""", "twice" },
        { """{"properties":{"a":{"type":"string","x-mcp-header":"A","\u0078-mcp-header":"B"}}}""", "twice" },
        { """{"properties":{"a":{"type":"object","x-mcp-header":"A","type":"string"}}}""", "twice" },
        { """{"properties":{"a":{"type":"string","x-mcp-header":"A"},"\u0061":{"type":"string"}}}""", "twice" },
        { """{"properties":{"a":{"type":"string","x-mcp-header":"A"}},"properties":{}}""", "twice" },
        { """{"properties":{"a":{"type":"string","x-mcp-header":"A"}}""", "JSON" },
        { """{"properties":{"a":{"type":"string","x-mcp-header":"A"}}} x""", "JSON" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void TryParse_BrokenRule_IsRefusedWithTheReason(string schema, string reason)
    {
        Assert.False(ParamHeaders.TryParse(Encoding.UTF8.GetBytes(schema), out var headers, out var actual));
        Assert.Same(ParamHeaders.None, headers);
        Assert.Contains(reason, actual, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("items")]
    [InlineData("prefixItems")]
    [InlineData("contains")]
    [InlineData("additionalItems")]
    [InlineData("unevaluatedItems")]
    [InlineData("additionalProperties")]
    [InlineData("unevaluatedProperties")]
    [InlineData("propertyNames")]
    [InlineData("oneOf")]
    [InlineData("anyOf")]
    [InlineData("allOf")]
    [InlineData("not")]
    [InlineData("if")]
    [InlineData("then")]
    [InlineData("else")]
    [InlineData("contentSchema")]
    public void TryParse_AnnotationBehindAnotherKeyword_IsRefused(string keyword)
    {
        foreach (var schema in new[] { """{"KEY":SUB}""", """{"KEY":[{},SUB]}""", """{"properties":{"a":{"KEY":SUB}}}""", """{"properties":{"ok":{"type":"string","x-mcp-header":"Ok"}},"KEY":SUB}""" })
        {
            foreach (var sub in new[] { """{"type":"string","x-mcp-header":"A"}""", """{"properties":{"b":{"type":"string","x-mcp-header":"A"}}}""" })
            {
                AssertUnreachable(schema.Replace("KEY", keyword, StringComparison.Ordinal).Replace("SUB", sub, StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [InlineData("patternProperties")]
    [InlineData("dependentSchemas")]
    [InlineData("$defs")]
    [InlineData("definitions")]
    public void TryParse_AnnotationBehindAnotherMapOfSchemas_IsRefused(string keyword)
    {
        AssertUnreachable($$"""{"{{keyword}}":{"d":{"type":"string","x-mcp-header":"A"} } }""");
        AssertUnreachable($$"""{"properties":{"p":{"{{keyword}}":{"d":{"properties":{"b":{"type":"string","x-mcp-header":"A"} } } } } } }""");
    }

    [Fact]
    public void TryParse_VeryDeepSchema_IsRefusedWithoutHarm()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"properties\":{\"a\":", 100_000));
        Assert.False(ParamHeaders.TryParse(Encoding.UTF8.GetBytes(deep + "{\"x-mcp-header\":\"A\"}"), out _, out var reason));
        Assert.Contains("deeper", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_HugeNames_AreShortenedInTheReason()
    {
        var schema = $$"""{"properties":{"{{new string('n', 10_000)}}": {"type":"string","x-mcp-header":"a b\u0007\n{{new string('x', 10_000)}}" } } }""";
        Assert.False(ParamHeaders.TryParse(Encoding.UTF8.GetBytes(schema), out _, out var reason));
        Assert.InRange(reason!.Length, 1, 400);
        Assert.DoesNotContain(reason, char.IsControl);
    }

    private static void AssertUnreachable(string schema)
    {
        Assert.False(ParamHeaders.TryParse(Encoding.UTF8.GetBytes(schema), out _, out var reason), schema);
        Assert.Contains("reached", reason, StringComparison.Ordinal);
    }

    private static ParamHeaders Parse(string schema)
    {
        Assert.True(ParamHeaders.TryParse(Encoding.UTF8.GetBytes(schema), out var headers, out var reason), reason);
        Assert.Null(reason);
        return headers;
    }
}
