using System.Text;
using Mimir.Protocol.Headers;
using Xunit;

namespace Mimir.Protocol.Tests.Headers;

public sealed class ParamHeadersCallTests
{
    private static readonly ParamHeaders s_headers = Parse("""
        {"properties":{
          "region":{"type":"string","x-mcp-header":"Region"},
          "priority":{"type":"integer","x-mcp-header":"Priority"},
          "verbose":{"type":"boolean","x-mcp-header":"Verbose"},
          "options":{"type":"object","properties":{"limit":{"type":"integer","x-mcp-header":"Limit"},"é":{"type":"string","x-mcp-header":"Accent"}}},
          "query":{"type":"string"}}}
        """);

    [Theory]
    [InlineData("", "")]
    [InlineData("{}", "")]
    [InlineData("null", "")]
    [InlineData("[{\"region\":\"x\"}]", "")]
    [InlineData("\"region\"", "")]
    [InlineData("{\"query\":\"SELECT 1\"}", "")]
    [InlineData("{\"region\":null,\"options\":null}", "")]
    [InlineData("{\"region\":{\"region\":\"x\"},\"priority\":[1],\"options\":\"x\"}", "")]
    [InlineData("{\"region\":\"us-west1\"}", "Region: us-west1")]
    [InlineData(" { \"region\" : \"us-west1\" , \"query\" : { \"region\" : 1 } } ", "Region: us-west1")]
    [InlineData("{\"verbose\":false,\"priority\":42,\"region\":\"é\"}", "Region: =?base64?w6k=?=; Priority: 42; Verbose: false")]
    [InlineData("{\"options\":{\"limit\":1e2,\"\\u00e9\":\"\",\"region\":\"no\"},\"x\":{\"limit\":5}}", "Limit: 100; Accent: =?base64??=")]
    [InlineData("{\"\\u0072egion\":\"\\u0041\"}", "Region: A")]
    [InlineData("{\"region\":42,\"priority\":\"high\",\"verbose\":1.5}", "Region: 42; Priority: high; Verbose: 1.5")]
    [InlineData("{\"region\":\"\\ud800\",\"verbose\":true}", "Verbose: true")]
    [InlineData("{\"\\ud800\":1,\"query\":1,\"query\":2,\"verbose\":true}", "Verbose: true")]
    public void Collect_AnyArguments_MirrorsWhatIsThere(string arguments, string expected)
    {
        var headers = Collect(arguments);
        Assert.Equal(expected, string.Join("; ", headers.Select(h => $"{h.Key["Mcp-Param-".Length..]}: {h.Value}")));
        Assert.True(s_headers.Verify(Encoding.UTF8.GetBytes(arguments), new Lookup([.. headers])).IsOk);
    }

    [Theory]
    [InlineData("{\"region\":\"a\",\"region\":\"b\"}")]
    [InlineData("{\"region\":\"a\",\"\\u0072egion\":\"a\"}")]
    [InlineData("{\"region\":null,\"region\":null}")]
    [InlineData("{\"options\":{},\"options\":{\"limit\":1}}")]
    [InlineData("{\"options\":{\"limit\":1,\"limit\":1}}")]
    [InlineData("{\"region\":\"a\"")]
    [InlineData("{\"region\":\"a\"} {}")]
    [InlineData("nul")]
    public void CollectAndVerify_AmbiguousArguments_AreRefused(string arguments)
    {
        var utf8 = Encoding.UTF8.GetBytes(arguments);
        var headers = new List<KeyValuePair<string, string>>();
        Assert.Equal(new ParamHeaderVerdict(ParamHeaderFault.AmbiguousArguments, null), s_headers.Collect(utf8, headers));
        Assert.Empty(headers);
        Assert.Equal(ParamHeaderFault.AmbiguousArguments, s_headers.Verify(utf8, new Lookup()).Fault);
    }

    [Theory]
    [InlineData("{\"region\":\"a\"}", "", ParamHeaderFault.Missing, "Mcp-Param-Region")]
    [InlineData("{\"region\":\"\"}", "", ParamHeaderFault.Missing, "Mcp-Param-Region")]
    [InlineData("{\"region\":\"a\",\"verbose\":false}", "Region: a", ParamHeaderFault.Missing, "Mcp-Param-Verbose")]
    [InlineData("{\"options\":{\"limit\":0}}", "", ParamHeaderFault.Missing, "Mcp-Param-Limit")]
    [InlineData("{\"region\":\"a\"}", "Region: b", ParamHeaderFault.Different, "Mcp-Param-Region")]
    [InlineData("{\"region\":\"a\"}", "Region: A", ParamHeaderFault.Different, "Mcp-Param-Region")]
    [InlineData("{\"region\":\"Hello\"}", "Region: =?base64?SGVsbG8?=", ParamHeaderFault.Different, "Mcp-Param-Region")]
    [InlineData("{\"region\":\"\\ud800\"}", "Region: ?", ParamHeaderFault.Different, "Mcp-Param-Region")]
    [InlineData("{\"priority\":42}", "Priority: 43", ParamHeaderFault.Different, "Mcp-Param-Priority")]
    [InlineData("{}", "Region: a", ParamHeaderFault.Unexpected, "Mcp-Param-Region")]
    [InlineData("", "Region: a", ParamHeaderFault.Unexpected, "Mcp-Param-Region")]
    [InlineData("{\"region\":null}", "Region: null", ParamHeaderFault.Unexpected, "Mcp-Param-Region")]
    [InlineData("{\"region\":[\"a\"]}", "Region: a", ParamHeaderFault.Unexpected, "Mcp-Param-Region")]
    [InlineData("{\"region\":\"a\"}", "Region: a; Region: a", ParamHeaderFault.Repeated, "Mcp-Param-Region")]
    [InlineData("{}", "Region: a; Region: a", ParamHeaderFault.Repeated, "Mcp-Param-Region")]
    [InlineData("{\"priority\":9007199254740993}", "Priority: 9007199254740992", ParamHeaderFault.Different, "Mcp-Param-Priority")]
    public void Verify_HeadersThatDisagree_NamesTheFirst(string arguments, string headers, ParamHeaderFault fault, string name)
    {
        var verdict = s_headers.Verify(Encoding.UTF8.GetBytes(arguments), Lookup.Of(headers));
        Assert.Equal(fault, verdict.Fault);
        Assert.False(verdict.IsOk);
        Assert.Equal(name, verdict.Header!.Name);
    }

    [Theory]
    [InlineData("{\"priority\":42}", "priority: 42.0")]
    [InlineData("{\"priority\":42}", "PRIORITY: 4.2e1")]
    [InlineData("{\"region\":\"a\"}", "Region: =?base64?YQ==?=")]
    [InlineData("{\"region\":\"\"}", "Region: ")]
    [InlineData("{}", "Other: x; Other: y; Query: z")]
    [InlineData("{\"query\":\"q\"}", "Query: something else")]
    [InlineData("{\"priority\":9007199254740993}", "")]
    [InlineData("{\"priority\":1e300}", "")]
    [InlineData("{\"region\":\"\\ud800\"}", "")]
    [InlineData("{\"region\":{}}", "")]
    public void Verify_HeadersThatAgree_Passes(string arguments, string headers) =>
        Assert.Equal(default, s_headers.Verify(Encoding.UTF8.GetBytes(arguments), Lookup.Of(headers)));

    [Fact]
    public void Verify_ToolThatMirrorsNothing_LooksAtNothing() =>
        Assert.True(ParamHeaders.None.Verify("not JSON"u8, Lookup.Of("Region: a")).IsOk);

    [Fact]
    public void Verify_MoreHeadersThanFitOnTheStack_StillWorks()
    {
        var many = Enumerable.Range(0, 100).ToList();
        var headers = Parse($"{{\"properties\":{{{string.Join(',', many.Select(i => $"\"p{i}\":{{\"type\":\"integer\",\"x-mcp-header\":\"H{i}\"}}"))}}}}}");
        var arguments = Encoding.UTF8.GetBytes($"{{{string.Join(',', many.Select(i => $"\"p{i}\":{i}"))}}}");
        Assert.True(headers.Verify(arguments, new Lookup([.. many.Select(i => new KeyValuePair<string, string>($"Mcp-Param-H{i}", $"{i}"))])).IsOk);
        Assert.Equal("Mcp-Param-H99", headers.Verify(arguments, new Lookup([.. many.Take(99).Select(i => new KeyValuePair<string, string>($"Mcp-Param-H{i}", $"{i}"))])).Header!.Name);
    }

    [Fact]
    public void Verify_UsualCall_AllocatesNothing()
    {
        var arguments = "{\"region\":\"us-west1\",\"priority\":42,\"options\":{\"limit\":1},\"query\":\"SELECT 1\"}"u8.ToArray();
        var lookup = Lookup.Of("Region: us-west1; Priority: 42; Limit: 1");
        Assert.True(s_headers.Verify(arguments, lookup).IsOk);
        Assert.Equal(0, Allocations.Steady(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                s_headers.Verify(arguments, lookup);
            }
        }));
    }

    private static List<KeyValuePair<string, string>> Collect(string arguments)
    {
        var headers = new List<KeyValuePair<string, string>>();
        Assert.True(s_headers.Collect(Encoding.UTF8.GetBytes(arguments), headers).IsOk);
        return headers;
    }

    private static ParamHeaders Parse(string schema)
    {
        Assert.True(ParamHeaders.TryParse(Encoding.UTF8.GetBytes(schema), out var headers, out var reason), reason);
        return headers;
    }

    private readonly struct Lookup(params KeyValuePair<string, string>[] headers) : IHeaderLookup
    {
        public static Lookup Of(string headers) => new([.. headers
            .Split("; ", StringSplitOptions.RemoveEmptyEntries)
            .Select(h => new KeyValuePair<string, string>("Mcp-Param-" + h[..h.IndexOf(": ", StringComparison.Ordinal)], h[(h.IndexOf(": ", StringComparison.Ordinal) + 2)..]))]);

        public int Find(string name, out string? value)
        {
            value = null;
            var times = 0;
            foreach (var header in headers ?? [])
            {
                if (string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase))
                {
                    value = header.Value;
                    times++;
                }
            }

            return times;
        }
    }
}
