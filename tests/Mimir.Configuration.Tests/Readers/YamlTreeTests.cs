using System.Text;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Tests.Support;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Tests.Readers;

public sealed class YamlTreeTests
{
    [Fact]
    public void Read_Nodes_KnowKindPlaceAndKey()
    {
        var root = Good("a: 1\nb:\n  - x\n  - c: true\n    d: ~\n");

        Assert.Equal((ConfigKind.Object, "", 1), (root.Kind, root.Path.ToString(), root.Mark.Line));
        var item = root.Find("b")!.Value.Items[1];
        Assert.Equal("b[1]", item.Path.ToString());
        Assert.Equal((4, 5), (item.Mark.Line, item.Mark.Column));
        Assert.Equal((ConfigKind.Boolean, "true", "b[1].c"), (item.Find("c")!.Value.Kind, item.Find("c")!.Value.Text, item.Find("c")!.Value.Path.ToString()));
        Assert.Equal((ConfigKind.Null, 5), (item.Find("d")!.Value.Kind, item.Find("d")!.Mark.Line));
    }

    [Theory]
    [InlineData("12", ConfigKind.Number, "12")]
    [InlineData("-1.50", ConfigKind.Number, "-1.50")]
    [InlineData("2.0", ConfigKind.Number, "2.0")]
    [InlineData("1.", ConfigKind.String, "1.")]
    [InlineData("1e3", ConfigKind.String, "1e3")]
    [InlineData("0x1F", ConfigKind.String, "0x1F")]
    [InlineData("1.2.3", ConfigKind.String, "1.2.3")]
    [InlineData("True", ConfigKind.Boolean, "true")]
    [InlineData("yes", ConfigKind.String, "yes")]
    [InlineData("no", ConfigKind.String, "no")]
    [InlineData("null", ConfigKind.Null, "")]
    [InlineData("", ConfigKind.Null, "")]
    [InlineData("\"12\"", ConfigKind.String, "12")]
    [InlineData("'true'", ConfigKind.String, "true")]
    [InlineData("${X}", ConfigKind.String, "${X}")]
    [InlineData("http://h:1/a", ConfigKind.String, "http://h:1/a")]
    [InlineData("|\n  two\n  lines", ConfigKind.String, "two\nlines\n")]
    [InlineData("{ b: [1, 2] }", ConfigKind.Object, "")]
    public void Read_Value_IsOfItsKind(string written, ConfigKind kind, string text)
    {
        var node = Good($"a: {written}\n").Find("a")!.Value;

        Assert.Equal((kind, text), (node.Kind, node.Text));
    }

    [Theory]
    [InlineData("a: &x 1\nb: *x", 1, "an anchor")]
    [InlineData("a: 1\nb: *x", 2, "an alias")]
    [InlineData("a: !!python/object:os.system [x]", 1, "a tag")]
    [InlineData("a: !secret x", 1, "a tag")]
    [InlineData("*a : 1", 1, "an alias")]
    [InlineData("a: 1\n---\nb: 2", 2, "a second document")]
    [InlineData("? [a, b]\n: 1", 1, "a key is a list or an object")]
    [InlineData("a: 1\nb: 2\na: 3", 3, "stands twice, on lines 1 and 3")]
    [InlineData("a:\n\tb: 1", 2, "a tab indents this line")]
    [InlineData("a: [1, 2", 1, "this is not YAML")]
    [InlineData("a: \"x", 1, "this is not YAML")]
    [InlineData("a: b: c", 1, "this is not YAML")]
    [InlineData("a: @x", 1, "this is not YAML")]
    public void Read_WhatIsRefused_IsAnErrorAtItsLine(string yaml, int line, string message)
    {
        var issues = new IssueList();

        YamlTree.Read(Encoding.UTF8.GetBytes(yaml), "/f", issues);

        var issue = Assert.Single(issues.Sorted([]));
        Assert.Contains(message, issue.Message, StringComparison.Ordinal);
        Assert.True(issue.Line >= line, issue.ToString());
        Assert.NotEmpty(issue.Remedy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment\n")]
    [InlineData("---\n")]
    public void Read_Nothing_IsNoTreeOfBackends(string yaml) => Assert.Null(Workspace.LoadYaml(yaml).Model);

    [Fact]
    public void Read_BillionLaughs_IsRefusedAtTheFirstAnchor()
    {
        var yaml = new StringBuilder("a0: &a0 [x, x]\n");
        for (var i = 1; i < 60; i++)
        {
            yaml.Append($"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n");
        }

        Assert.Contains("an anchor", Fault(yaml.ToString()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DeeperThanTheBound_IsRefused()
    {
        Good($"a: {new string('[', YamlTree.MaxDepth - 1)}{new string(']', YamlTree.MaxDepth - 1)}");

        Assert.Contains("nested more than 32", Fault($"a: {new string('[', YamlTree.MaxDepth)}{new string(']', YamlTree.MaxDepth)}").Message, StringComparison.Ordinal);
        Assert.Contains("nested more than 32", Fault(new string('[', 500_000)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MoreThanTheBounds_IsRefused()
    {
        Assert.Contains("more than 100000 keys and values", Fault(string.Concat(Enumerable.Repeat("- a\n", YamlTree.MaxNodes))).Message, StringComparison.Ordinal);
        Assert.Contains("larger than 1 MiB", Fault("a: " + new string('x', YamlTree.MaxBytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoUtf8_SaysWhere()
    {
        var issues = new IssueList();

        Assert.Null(YamlTree.Read([(byte)'a', (byte)':', (byte)'\n', 0xFF], "/f", issues));

        var issue = Assert.Single(issues.Sorted([]));
        Assert.Equal(2, issue.Line);
    }

    /// <summary>Whatever a file holds, reading it ends in a tree or in errors, never in an exception, and never says what stands in it.</summary>
    [Fact]
    public void Read_Garbage_EndsInATreeOrAnError()
    {
        const string Alphabet = "ab:-?[]{}&*!|>'\"%@`#,\\ \t\n\r0~uU\u00e9\u2028\ufeff";
        var random = new Random(11);
        for (var i = 0; i < 30_000; i++)
        {
            var text = string.Create(random.Next(1, 60), random, static (span, r) =>
            {
                foreach (ref var c in span)
                {
                    c = Alphabet[r.Next(Alphabet.Length)];
                }
            });
            var issues = new IssueList();

            var node = YamlTree.Read(Encoding.UTF8.GetBytes(text), "/f", issues);

            Assert.True(node is not null || issues.HasErrors, text);
        }
    }

    [Fact]
    public void Read_Broken_NeverShowsWhatStandsThere()
    {
        foreach (var yaml in (string[])["a: \"s3cr3t", "a: *s3cr3t", "a: &s3cr3t x", "a: !s3cr3t x", "%s3cr3t x\n---\na: 1", "a: [s3cr3t", "s3cr3t: x: y", "a: @s3cr3t", "a: \"\\s3cr3t\""])
        {
            var issues = new IssueList();
            YamlTree.Read(Encoding.UTF8.GetBytes(yaml), "/f", issues);

            Assert.All(issues.Sorted([]), issue => Assert.DoesNotContain("s3cr3t", issue.Message + issue.Remedy, StringComparison.Ordinal));
        }
    }

    private static ConfigNode Good(string yaml)
    {
        var issues = new IssueList();
        var node = YamlTree.Read(Encoding.UTF8.GetBytes(yaml), "/f", issues);
        Assert.Equal("", string.Join("\n", issues.Sorted([])));
        return node!;
    }

    private static ConfigIssue Fault(string yaml)
    {
        var issues = new IssueList();
        Assert.Null(YamlTree.Read(Encoding.UTF8.GetBytes(yaml), "/f", issues));
        return Assert.Single(issues.Sorted([]));
    }
}
