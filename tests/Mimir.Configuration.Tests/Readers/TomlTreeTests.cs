using System.Text;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Tests.Readers;

public sealed class TomlTreeTests
{
    [Theory]
    [MemberData(nameof(TomlGoodDocuments.CommentsLinesAndKeys), MemberType = typeof(TomlGoodDocuments))]
    [MemberData(nameof(TomlGoodDocuments.Strings), MemberType = typeof(TomlGoodDocuments))]
    [MemberData(nameof(TomlGoodDocuments.Numbers), MemberType = typeof(TomlGoodDocuments))]
    [MemberData(nameof(TomlGoodDocuments.DatesAndTimes), MemberType = typeof(TomlGoodDocuments))]
    [MemberData(nameof(TomlGoodDocuments.ArraysAndTablesInBraces), MemberType = typeof(TomlGoodDocuments))]
    [MemberData(nameof(TomlGoodDocuments.Tables), MemberType = typeof(TomlGoodDocuments))]
    public void Read_GoodDocument_IsWhatItSays(string toml, string expected) => Assert.Equal(expected, Text(Good(toml)));

    [Theory]
    [MemberData(nameof(TomlBadDocuments.CommentsLinesAndKeys), MemberType = typeof(TomlBadDocuments))]
    [MemberData(nameof(TomlBadDocuments.Strings), MemberType = typeof(TomlBadDocuments))]
    [MemberData(nameof(TomlBadDocuments.Words), MemberType = typeof(TomlBadDocuments))]
    [MemberData(nameof(TomlBadDocuments.ArraysAndTablesInBraces), MemberType = typeof(TomlBadDocuments))]
    [MemberData(nameof(TomlBadDocuments.Tables), MemberType = typeof(TomlBadDocuments))]
    public void Read_BadDocument_IsOneErrorAtItsLine(string toml, int line, string message)
    {
        var issue = Fault(toml);

        Assert.Contains(message, issue.Message, StringComparison.Ordinal);
        Assert.Equal(line, issue.Line);
        Assert.NotEmpty(issue.Remedy);
    }

    [Theory]
    [InlineData("a = 1\n  b = \"\u00e9\" x", 2, 11)]
    [InlineData("a = 1\nbc.de.bc = 1\nbc.de.bc = 2", 3, 7)]
    [InlineData("[a]\n[ a ]", 2, 3)]
    [InlineData("a = \"\u4e2d\\q\"", 1, 7)]
    [InlineData("\ufeffa = [1\r\n  2]", 2, 3)]
    [InlineData("a = '''\nx", 1, 5)]
    [InlineData("a = 0x", 1, 5)]
    public void Read_Fault_IsAtItsColumn(string toml, int line, int column)
    {
        var issue = Fault(toml);

        Assert.Equal((line, column), (issue.Line, issue.Column));
    }

    [Fact]
    public void Read_Nodes_KnowKindPlaceAndKey()
    {
        var root = Good("a.b = 1\n[x.y]\n  n = [ 2,\n   true ]\n[[t]]\n[[t]]\nd = 1979-05-27\n[x]\n");

        Assert.Equal((ConfigKind.Object, "", 1, 1), (root.Kind, root.Path.ToString(), root.Mark.Line, root.Mark.Column));
        AssertIs(root.Find("a")!, "a", ConfigKind.Object, (1, 1), (1, 1));
        AssertIs(root.Find("a")!.Value.Find("b")!, "a.b", ConfigKind.Number, (1, 3), (1, 7));
        AssertIs(root.Find("x")!, "x", ConfigKind.Object, (2, 2), (8, 2));
        var y = root.Find("x")!.Value.Find("y")!;
        AssertIs(y, "x.y", ConfigKind.Object, (2, 4), (2, 4));
        AssertIs(y.Value.Find("n")!, "x.y.n", ConfigKind.Array, (3, 3), (3, 7));
        var item = y.Value.Find("n")!.Value.Items[1];
        Assert.Equal(("x.y.n[1]", ConfigKind.Boolean, 4, 4), (item.Path.ToString(), item.Kind, item.Mark.Line, item.Mark.Column));
        AssertIs(root.Find("t")!, "t", ConfigKind.Array, (5, 3), (5, 3));
        AssertIs(root.Find("t")!.Value.Items[1].Find("d")!, "t[1].d", ConfigKind.String, (7, 1), (7, 5));
    }

    [Fact]
    public void Read_KeysThatStandTwice_AreAllReported()
    {
        var issues = new IssueList();

        var node = TomlTree.Read("a = 1\na = 2\n[b]\n[b]\nx = 1\nx = 2\n[a.c]\ny = 1\n[d]\nz = 1\n"u8, "/f", KeyPath.Top, issues);

        Assert.Equal([2, 4, 6, 7], issues.Sorted([]).Select(issue => issue.Line));
        Assert.Equal("{a: 1, b: {}, d: {z: 1}}", Text(node!));
    }

    [Theory]
    [InlineData("a = 'x'\n", 2)]
    [InlineData("# ", 1)]
    [InlineData("a = '", 1)]
    public void Read_NoUtf8_SaysWhere(string before, int line)
    {
        foreach (var bytes in (byte[][])[[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3]])
        {
            var issues = new IssueList();

            Assert.Null(TomlTree.Read([.. Encoding.UTF8.GetBytes(before), .. bytes], "/f", KeyPath.Top, issues));

            Assert.Equal(line, Assert.Single(issues.Sorted([])).Line);
        }
    }

    [Theory]
    [InlineData("a = ", "[", "]")]
    [InlineData("", "a.", "a = 1")]
    [InlineData("a = ", "{a=", "}")]
    public void Read_DeeperThanTheBound_IsRefused(string before, string open, string close)
    {
        Good(Nested(TomlTree.MaxDepth - 1));

        Assert.Contains("nested more than 32", Fault(Nested(TomlTree.MaxDepth)).Message, StringComparison.Ordinal);
        Assert.Contains("nested more than 32", Fault(before + string.Concat(Enumerable.Repeat(open, 100_000))).Message, StringComparison.Ordinal);

        string Nested(int depth)
        {
            var middle = open == "{a=" ? string.Concat(Enumerable.Repeat(open, depth - 1)) + "{" : string.Concat(Enumerable.Repeat(open, depth));
            return before + middle + (close == "a = 1" ? close : string.Concat(Enumerable.Repeat(close, depth)));
        }
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("[[", "]]")]
    public void Read_HeadersDeeperThanTheBound_AreRefused(string open, string close)
    {
        var most = TomlTree.MaxDepth - open.Length;
        Good(open + string.Join('.', Enumerable.Repeat("a", most)) + close);

        Assert.Contains("nested more than 32", Fault(open + string.Join('.', Enumerable.Repeat("a", most + 1)) + close).Message, StringComparison.Ordinal);
        Assert.Contains("nested more than 32", Fault(string.Concat(Enumerable.Range(1, 32).Select(n => $"[[{string.Join('.', Enumerable.Repeat("a", n))}]]\n"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MoreThanTheBounds_IsRefused()
    {
        Assert.Contains("more than 100000 keys and values", Fault("a = [" + string.Concat(Enumerable.Repeat("1,", TomlTree.MaxNodes)) + "]").Message, StringComparison.Ordinal);
        Assert.Contains("larger than 1 MiB", Fault("# " + new string('x', TomlTree.MaxBytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Broken_NeverShowsWhatStandsThere()
    {
        foreach (var toml in (string[])["a = \"s3cr3t", "a = s3cr3t", "a = '''s3cr3t", "a = 1 s3cr3t", "a = [1 s3cr3t", "a = \"\\s3cr3t\"", "a = 0s3cr3t", "a = {b = 1 s3cr3t", "s3cr3t"])
        {
            var issue = Fault(toml);

            Assert.DoesNotContain("s3cr3t", issue.ToString(), StringComparison.Ordinal);
        }
    }

    private static void AssertIs(ConfigMember member, string path, ConfigKind kind, (int Line, int Column) key, (int Line, int Column) value)
    {
        Assert.Equal((path, kind), (member.Value.Path.ToString(), member.Value.Kind));
        Assert.Equal((key, value), ((member.Mark.Line, member.Mark.Column), (member.Value.Mark.Line, member.Value.Mark.Column)));
    }

    private static string Text(ConfigNode node) => node.Kind switch
    {
        ConfigKind.Object => $"{{{string.Join(", ", node.Members.Select(member => $"{member.Name}: {Text(member.Value)}"))}}}",
        ConfigKind.Array => $"[{string.Join(", ", node.Items.Select(Text))}]",
        ConfigKind.String => $"\"{node.Text}\"",
        _ => node.Text,
    };

    private static ConfigNode Good(string toml)
    {
        var issues = new IssueList();
        var node = TomlTree.Read(Encoding.UTF8.GetBytes(toml), "/f", KeyPath.Top, issues);
        Assert.Equal("", string.Join("\n", issues.Sorted([])));
        return node!;
    }

    private static ConfigIssue Fault(string toml)
    {
        var issues = new IssueList();
        TomlTree.Read(Encoding.UTF8.GetBytes(toml), "/f", KeyPath.Top, issues);
        return Assert.Single(issues.Sorted([]));
    }
}
