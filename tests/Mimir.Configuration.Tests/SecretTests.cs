using Mimir.Configuration.Binding;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tests.Support;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Tests;

/// <summary>No issue ever repeats what a variable, <c>env</c>, <c>headers</c>, <c>args</c> or an address holds.</summary>
public sealed class SecretTests
{
    private const string Secret = "s3cr3t-V4lue";

    // Values that break one rule or another wherever they are put.
    private static readonly string[] Shapes = [Secret, $" {Secret}\n", $"\0{Secret}", $"~/{Secret}", $"http://{Secret}@h/", $"{Secret} x", "${" + Secret, $"http://h/#{Secret}"];

    public static TheoryData<string> Keys => [.. ServerKeys.Table.ReadNames];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Issues_AboutExpandedValues_NeverShowThem(string key)
    {
        var seen = 0;
        foreach (var shape in Shapes)
        {
            var spec = ServerKeys.Table.Find(key)!;
            var value = spec.Type switch
            {
                KeyType.TextList => "[\"${S}\", \"x${S}y\", [\"${S}\"]]",
                KeyType.TextMap => "{ \"Host\": \"${S}\", \"X\": \"a${S}\", \"Y\": [\"${S}\"] }",
                _ => "\"${S}\"",
            };
            foreach (var way in (string[])["", "\"command\": \"x\", ", "\"url\": \"http://h/\", "])
            {
                if (way.Contains($"\"{key}\"", StringComparison.Ordinal))
                {
                    continue;
                }

                var result = Workspace.LoadServer($"{way}\"{key}\": {value}", ("S", shape));
                seen += result.Issues.Length;
                Assert.DoesNotContain(Secret, Expect.Text(result), StringComparison.OrdinalIgnoreCase);
            }
        }

        Assert.True(seen > 0, "No issue was found, so nothing was proven.");
    }

    [Theory]
    [InlineData("env")]
    [InlineData("headers")]
    [InlineData("args")]
    public void Issues_AboutLiteralSecrets_NeverShowThem(string key)
    {
        var escaped = Shapes.Select(shape => System.Text.Json.JsonEncodedText.Encode(shape).ToString()).ToArray();
        foreach (var shape in escaped)
        {
            foreach (var value in (string[])[$"\"{shape}\"", $"[\"{shape}\"]", $"{{ \"X\": \"{shape}\" }}", $"{{ \"X\": [\"{shape}\"] }}", $"[{{ \"{key}\": \"{shape}\" }}]"])
            {
                foreach (var way in (string[])["\"command\": \"x\"", "\"url\": \"http://h/\""])
                {
                    Assert.DoesNotContain(Secret, Expect.Text(Workspace.LoadServer($"{way}, \"{key}\": {value}")), StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void Issues_AboutExpandedNamingAndLimits_NeverShowThem()
    {
        var result = Workspace.LoadText(
            """{ "naming": { "separator": "${S}", "prefix": "${S}" }, "limits": { "maxBatch": "${S}", "listGrace": "${S}", "maxMessageBytes": "x${S}", "pageSize": "${N}" } }""",
            ("S", Secret),
            ("N", "777777777"));

        Assert.Equal(6, result.Issues.Length);
        Assert.DoesNotContain(Secret, Expect.Text(result), StringComparison.Ordinal);
        Assert.DoesNotContain("777777777", Expect.Text(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Configs_ToString_NeverShowValues()
    {
        var issues = new IssueList();
        var root = JsonTree.Read(
            System.Text.Encoding.UTF8.GetBytes($$"""{ "mcpServers": { "a": { "command": "{{Secret}}", "args": ["{{Secret}}"], "env": { "K": "{{Secret}}" }, "url": "{{Secret}}" } } }"""),
            "/f",
            KeyPath.Top,
            issues)!;
        var config = RouterBinder.Bind(root, ProcessEnvironment.Instance, new SecretLookup(ProcessEnvironment.Instance, null, "/", issues), issues);

        var server = Assert.Single(config.Servers);
        Assert.True(server.Command.HasValue);
        foreach (var shown in (object[])[root, config, server, server.Command, server.Environment, server.Environment.Value[0], server.Source])
        {
            Assert.DoesNotContain(Secret, shown.ToString(), StringComparison.Ordinal);
        }
    }
}
