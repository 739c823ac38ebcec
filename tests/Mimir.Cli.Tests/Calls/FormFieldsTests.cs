using System.Text.Json;
using Mimir.Cli.Calls;
using ModelContextProtocol;
using static ModelContextProtocol.Protocol.ElicitRequestParams;

namespace Mimir.Cli.Tests.Calls;

public sealed class FormFieldsTests
{
    [Theory]
    [InlineData("""{"type":"string"}""", "anything  at all ", "\"anything  at all \"")]
    [InlineData("""{"type":"string","minLength":2,"maxLength":3}""", "🚀🚀", "\"🚀🚀\"")]
    [InlineData("""{"type":"string","format":"email"}""", " a@b.example ", "\"a@b.example\"")]
    [InlineData("""{"type":"string","format":"uri"}""", "https://x.example/?q", "\"https://x.example/?q\"")]
    [InlineData("""{"type":"string","format":"uri"}""", "urn:isbn:0", "\"urn:isbn:0\"")]
    [InlineData("""{"type":"string","format":"date"}""", "2026-02-28", "\"2026-02-28\"")]
    [InlineData("""{"type":"string","format":"date-time"}""", "2026-07-28T09:30:00+02:00", "\"2026-07-28T09:30:00+02:00\"")]
    [InlineData("""{"type":"number"}""", "-0.50", "-0.50")]
    [InlineData("""{"type":"number"}""", " 1e3 ", "1e3")]
    [InlineData("""{"type":"integer"}""", "42", "42")]
    [InlineData("""{"type":"integer","minimum":1,"maximum":3}""", "3", "3")]
    [InlineData("""{"type":"boolean"}""", "Yes", "true")]
    [InlineData("""{"type":"boolean"}""", "n", "false")]
    [InlineData("""{"type":"string","enum":["red","green","2"]}""", "red", "\"red\"")]
    [InlineData("""{"type":"string","enum":["red","green","2"]}""", "GREEN", "\"green\"")]
    [InlineData("""{"type":"string","enum":["red","green","2"]}""", "3", "\"2\"")]
    [InlineData("""{"type":"string","enum":["red","green","2"]}""", "2", "\"2\"")]
    [InlineData("""{"type":"string","oneOf":[{"const":"r","title":"Red"},{"const":"g","title":"Green"}]}""", "Green", "\"g\"")]
    [InlineData("""{"type":"string","oneOf":[{"const":"r","title":"Red"},{"const":"g","title":"Green"}]}""", "1", "\"r\"")]
    [InlineData("""{"type":"string","enum":["r","g"],"enumNames":["Red","Green"]}""", "green", "\"g\"")]
    [InlineData("""{"type":"array","items":{"type":"string","enum":["a","b","c"]}}""", "c, a, c", """["a","c"]""")]
    [InlineData("""{"type":"array","items":{"type":"string","enum":["a,b","c"]}}""", "a,b", """["a,b"]""")]
    [InlineData("""{"type":"array","minItems":1,"maxItems":2,"items":{"anyOf":[{"const":"x","title":"Ex"},{"const":"y","title":"Why"}]}}""", "Ex,2", """["x","y"]""")]
    public void Parse_GoodAnswer_GivesTheValue(string schema, string typed, string expected)
    {
        var (value, error) = Field(schema).Parse(typed);

        Assert.Null(error);
        Assert.Equal(expected, value!.Value.ValueKind == JsonValueKind.String ? $"\"{value.Value.GetString()}\"" : value.Value.GetRawText());
    }

    [Theory]
    [InlineData("""{"type":"string","minLength":2}""", "x", "at least 2")]
    [InlineData("""{"type":"string","maxLength":2}""", "xyz", "at most 2")]
    [InlineData("""{"type":"string","format":"email"}""", "nobody", "e-mail")]
    [InlineData("""{"type":"string","format":"email"}""", "a b@c", "e-mail")]
    [InlineData("""{"type":"string","format":"uri"}""", "/etc/passwd", "URI")]
    [InlineData("""{"type":"string","format":"date"}""", "2026-02-30", "date")]
    [InlineData("""{"type":"string","format":"date"}""", "28.2.2026", "date")]
    [InlineData("""{"type":"string","format":"date-time"}""", "2026-02-28", "time")]
    [InlineData("""{"type":"string","format":"date-time"}""", "2026-02-28T10:00:00", "zone")]
    [InlineData("""{"type":"number"}""", "ten", "number")]
    [InlineData("""{"type":"number"}""", "1,5", "number")]
    [InlineData("""{"type":"number"}""", "\"1\"", "number")]
    [InlineData("""{"type":"number"}""", "1e999", "number")]
    [InlineData("""{"type":"number"}""", "[1]", "number")]
    [InlineData("""{"type":"integer"}""", "1.5", "whole")]
    [InlineData("""{"type":"integer","minimum":1,"maximum":3}""", "4", "from 1 to 3")]
    [InlineData("""{"type":"boolean"}""", "maybe", "yes or no")]
    [InlineData("""{"type":"string","enum":["red","green"]}""", "blue", "1 to 2")]
    [InlineData("""{"type":"string","enum":["red","green"]}""", "0", "1 to 2")]
    [InlineData("""{"type":"string","enum":["red","green"]}""", "3", "1 to 2")]
    [InlineData("""{"type":"array","items":{"type":"string","enum":["a","b"]}}""", "a,z", "'z'")]
    [InlineData("""{"type":"array","minItems":2,"items":{"type":"string","enum":["a","b"]}}""", "a", "at least 2")]
    [InlineData("""{"type":"array","maxItems":1,"items":{"type":"string","enum":["a","b"]}}""", "a,b", "at most 1")]
    public void Parse_BadAnswer_SaysWhy(string schema, string typed, string expected)
    {
        var (value, error) = Field(schema).Parse(typed);

        Assert.Null(value);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"string","default":"x"}""", "\"x\"", "default x")]
    [InlineData("""{"type":"number","default":1.5}""", "1.5", "default 1.5")]
    [InlineData("""{"type":"boolean","default":false}""", "false", "default no")]
    [InlineData("""{"type":"string","enum":["a","b"],"default":"b"}""", "\"b\"", "default b")]
    [InlineData("""{"type":"array","items":{"type":"string","enum":["a","b"]},"default":["a","b"]}""", """["a","b"]""", "default a, b")]
    public void From_Default_IsKeptAndShown(string schema, string expected, string hint)
    {
        var field = Field(schema);

        Assert.Equal(expected, field.Default!.Value.GetRawText());
        Assert.Contains(hint, field.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void From_Schema_KeepsOrderTitlesAndNeed()
    {
        var fields = FormFields.From(Schema(
            """{"type":"object","properties":{"b":{"type":"string","title":"Bee","description":"d"},"a":{"type":"boolean"}},"required":["a"]}"""));

        Assert.Equal(["b", "a"], fields.Select(f => f.Name));
        Assert.Equal(["Bee", "a"], fields.Select(f => f.Label));
        Assert.Equal([false, true], fields.Select(f => f.IsRequired));
        Assert.Equal("d", fields[0].Description);
        Assert.EndsWith("optional", fields[0].Hint, StringComparison.Ordinal);
        Assert.EndsWith("required", fields[1].Hint, StringComparison.Ordinal);
    }

    private static FormField Field(string schema) =>
        Assert.Single(FormFields.From(Schema($"{{\"type\":\"object\",\"properties\":{{\"f\":{schema}}}}}")));

    private static RequestSchema? Schema(string json) => JsonSerializer.Deserialize<RequestSchema>(json, McpJsonUtilities.DefaultOptions);
}
