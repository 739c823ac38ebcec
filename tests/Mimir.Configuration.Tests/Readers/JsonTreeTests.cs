using System.Text;
using System.Text.Json;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Tests.Support;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Tests.Readers;

public sealed class JsonTreeTests
{
    private static (ConfigNode? Node, IReadOnlyList<ConfigIssue> Issues) Read(byte[] bytes)
    {
        var issues = new IssueList();
        var node = JsonTree.Read(bytes, "/f.json", KeyPath.Top, issues);
        return (node, issues.Sorted([]));
    }

    private static (ConfigNode? Node, IReadOnlyList<ConfigIssue> Issues) Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Read_EveryKind_KeepsTextAndPath()
    {
        var (node, issues) = Read("""{"o":{"k":"v\u00e4\n"},"l":[1.50e3,true,false,null]}""");

        Assert.Empty(issues);
        var text = node!.Find("o")!.Value.Find("k")!.Value;
        Assert.Equal((ConfigKind.String, "vä\n", "o.k"), (text.Kind, text.Text, text.Path.ToString()));
        var items = node.Find("l")!.Value.Items;
        Assert.Equal([ConfigKind.Number, ConfigKind.Boolean, ConfigKind.Boolean, ConfigKind.Null], items.Select(item => item.Kind));
        Assert.Equal(["1.50e3", "true", "false", ""], items.Select(item => item.Text));
        Assert.Equal("l[2]", items[2].Path.ToString());
    }

    [Fact]
    public void Read_CommentsAndTrailingCommas_AreTaken()
    {
        var (node, issues) = Read("// top\n{ /* a */ \"a\": [1, /* two\nlines */ 2,], // end\n \"b\": {\"c\": 3,}, }\n// after");

        Assert.Empty(issues);
        Assert.Equal(2, node!.Members.Length);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Read_AnyLineEnd_MarksEveryNode(string end)
    {
        var text = string.Join(end, "// one", "/* two", "   three */ {", "  \"ä😀\": \"x\", \"k\": [", "\t7 ] }");

        var (node, issues) = Read(text);

        Assert.Empty(issues);
        Assert.Equal((3, 13), (node!.Mark.Line, node.Mark.Column));
        var first = node.Members[0];
        Assert.Equal((4, 3), (first.Mark.Line, first.Mark.Column));
        Assert.Equal((4, 9), (first.Value.Mark.Line, first.Value.Mark.Column));
        var second = node.Members[1];
        Assert.Equal((4, 14), (second.Mark.Line, second.Mark.Column));
        Assert.Equal((5, 2), (second.Value.Items[0].Mark.Line, second.Value.Items[0].Mark.Column));
    }

    [Fact]
    public void Read_ByteOrderMark_IsPassedOver()
    {
        var (node, issues) = Read([0xEF, 0xBB, 0xBF, .. "{}"u8]);

        Assert.Empty(issues);
        Assert.Equal((1, 1), (node!.Mark.Line, node.Mark.Column));
    }

    [Fact]
    public void Read_NotUtf8_NamesTheLine()
    {
        var (node, issues) = Read([.. "{\n \"a\": \""u8, 0xFF, .. "\"}"u8]);

        Assert.Null(node);
        var issue = Assert.Single(issues);
        Assert.Equal((2, 8), (issue.Line, issue.Column));
        Assert.Contains("UTF-8", issue.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Utf16_SaysSaveAsUtf8()
    {
        var (_, issues) = Read([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("{}")]);

        Assert.Contains("UTF-8", Assert.Single(issues).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_KeyTwice_NamesBothLinesAndGoesOn()
    {
        var (node, issues) = Read("{\n\"a\": 1,\n\"b\": 2,\n \"a\": 3,\n\"\\u0062\": 4}");

        Assert.Equal(2, node!.Members.Length);
        Assert.Equal("1", node.Find("a")!.Value.Text);
        Assert.Equal(2, issues.Count);
        Assert.Equal((4, 2, "a"), (issues[0].Line, issues[0].Column, issues[0].Key));
        Assert.Contains("lines 2 and 4", issues[0].Message, StringComparison.Ordinal);
        Assert.Contains("lines 3 and 5", issues[1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(JsonTree.MaxDepth, true)]
    [InlineData(JsonTree.MaxDepth + 1, false)]
    [InlineData(5000, false)]
    public void Read_Nesting_IsBounded(int depth, bool isRead)
    {
        var (node, issues) = Read(new string('[', depth) + new string(']', depth));

        Assert.Equal(isRead, node is not null);
        Assert.Equal(isRead ? 0 : 1, issues.Count);
        if (!isRead)
        {
            Assert.Equal((1, JsonTree.MaxDepth + 1), (issues[0].Line, issues[0].Column));
            Assert.Contains("32 deep", issues[0].Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_HalfAPair_IsAnErrorAtTheString()
    {
        var (node, issues) = Read("{\n\"a\": \"\\ud83d\"}");

        Assert.NotNull(node);
        var issue = Assert.Single(issues);
        Assert.Equal((2, 6, "a"), (issue.Line, issue.Column, issue.Key));
        Assert.Contains("half of a character", issue.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1, 1, "is empty")]
    [InlineData("// nothing\n", 2, 1, "is empty")]
    [InlineData("{\n  \"a\": 1\n  \"b\": 2\n}", 3, 3, "comma is missing")]
    [InlineData("{\n  \"a\": [1 2]\n}", 2, 11, "comma is missing")]
    [InlineData("{\n  \"a\": {}\n  \"b\": {}\n}", 3, 3, "comma is missing")]
    [InlineData("{\n  'a': 1\n}", 2, 3, "double quotes")]
    [InlineData("{\n  \"a\": 'x'\n}", 2, 8, "double quotes")]
    [InlineData("{\n  a: 1\n}", 2, 3, "key in double quotes")]
    [InlineData("{\n  \"a\" = 1\n}", 2, 7, "colon belongs")]
    [InlineData("{\n  \"a\" 1\n}", 2, 7, "colon is missing")]
    [InlineData("{ \"b\": 1,\n  \"a\" 1\n}", 2, 7, "colon is missing")]
    [InlineData("{ \"b\": \"x\"\n  \"a\": 1\n}", 2, 3, "comma is missing")]
    [InlineData("{\n  \"a\" \"b\"\n}", 2, 7, "colon is missing")]
    [InlineData("{\n  \"a\": True\n}", 2, 8, "not JSON")]
    [InlineData("{\n  \"a\": ,\n}", 2, 8, "comma stands where")]
    [InlineData("{\n  \"a\": 1,,\n}", 2, 10, "comma stands where")]
    [InlineData("{\n  \"a\": [1}\n}", 2, 10, "} stands where the [ of line 2 is open")]
    [InlineData("{\n  \"a\": {]\n}", 2, 9, "] stands where the { of line 2 is open")]
    [InlineData("{\n  \"a\": }\n", 2, 8, "value of the key before this is missing")]
    [InlineData("{\n  \"a\": \"x\n}", 2, 10, "not closed before the line ends")]
    [InlineData("{\n  \"a\": \"\\q\"\n}", 2, 9, "escape")]
    [InlineData("{\n  \"a\": \"\\u12G4\"\n}", 2, 9, "escape")]
    [InlineData("{\n  \"a\": \"\\", 2, 10, "ends inside a string")]
    [InlineData("{\n  \"a\": 01\n}", 2, 8, "not a number")]
    [InlineData("{\n  \"a\": 1.\n}", 2, 8, "not a number")]
    [InlineData("{\n  \"a\": 1x\n}", 2, 8, "not a number")]
    [InlineData("{\n  \"a\": -\n}", 2, 8, "not a number")]
    [InlineData("{\n  \"a\": +1\n}", 2, 8, "not JSON")]
    [InlineData("{\n  \"a\": nulls\n}", 2, 8, "not JSON")]
    [InlineData("{\n  \"a\": [,]\n}", 2, 9, "comma stands where")]
    [InlineData("{,}", 1, 2, "comma stands where")]
    [InlineData("{\n  \"a\"", 2, 6, "the { of line 1 is not closed")]
    [InlineData("{\n  \"a\":", 2, 7, "the { of line 1 is not closed")]
    [InlineData("{}\n}", 2, 1, "after the end")]
    [InlineData("{} {}", 1, 4, "after the end")]
    [InlineData("}", 1, 1, "closes nothing")]
    [InlineData("{\n  \"a\": [1,\n  2", 3, 4, "the [ of line 2 is not closed")]
    [InlineData("{\n  \"a\": 1\n", 3, 1, "the { of line 1 is not closed")]
    [InlineData("{\n  \"a", 2, 5, "ends inside a string")]
    [InlineData("{ /* a", 1, 3, "comment is not closed")]
    [InlineData("{\n # x\n}", 2, 2, "no comment")]
    public void Read_BrokenJson_SaysWhatIsWrongAndWhere(string text, int line, int column, string message)
    {
        var (node, issues) = Read(text);

        Assert.Null(node);
        var issue = Assert.Single(issues);
        Assert.Contains(message, issue.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (issue.Line, issue.Column));
        Assert.NotEmpty(issue.Remedy);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Read_BrokenJsonAfterCommentOfSeveralLines_CountsThem(string end)
    {
        var (_, issues) = Read(string.Join(end, "{", "/* a", " b", " c */ \"k\": 1", "// d", "  oops", "}"));

        Assert.Equal((6, 3), (Assert.Single(issues).Line, issues[0].Column));
    }

    [Fact]
    public void Read_BrokenJson_RepeatsNothingOfTheFile()
    {
        const string Secret = "hunter2";
        string[] texts =
        [
            $"{{\"a\": \"{Secret}", $"{{\"a\": {Secret}}}", $"{{\"a\": \"x\" \"{Secret}\"}}", $"{{\"a\": '{Secret}'}}", $"{{\"a\": \"{Secret}\n\"}}", $"{Secret}",
        ];

        foreach (var text in texts)
        {
            var (_, issues) = Read(text);
            Assert.DoesNotContain(Secret[..2], Assert.Single(issues).ToString(), StringComparison.Ordinal);
        }
    }

    /// <summary>The framework's reader is the judge of what is JSON and what it says.</summary>
    [Fact]
    public void Read_RandomText_AgreesWithTheFrameworksReader()
    {
        string[] tokens =
        [
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"\"", "\"\\n\\u00e4\\ud83d\\ude00\\/\"", "\"ä😀\"", "\"\\q\"", "\"x", "\\", "'", " ", "\n", "\r\n", "\t",
            "0", "-0", "01", "1.5e+3", "1.", ".5", "-", "1e", "12", "+1", "true", "false", "null", "True", "nul", "truefalse", "// c\n", "// c", "/* c\n */", "/*", "/", "#", "\u00a0",
            "\"k\":", "\"k\": 1,", "{\"a\":[", "]}", "\"\\u12\"", "\0", "\"\t\"",
        ];
        var random = new Random(42);
        var good = 0;
        for (var i = 0; i < 40_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => tokens[random.Next(tokens.Length)]));
            if (i % 4 == 0)
            {
                text = $"{{\"a\": [{text}, 1], \"z\": {{{text}}} }}";
            }

            var bytes = Encoding.UTF8.GetBytes(text);
            var (node, issues) = Read(bytes);
            var isJson = IsJson(bytes, out var document);
            Assert.True(isJson == (node is not null), $"{text}\n{string.Join("\n", issues)}");
            if (node is not null && issues.Count == 0)
            {
                good++;
                Assert.True(IsSame(node, document!.RootElement), text);
            }

            document?.Dispose();
        }

        Assert.True(good > 500, $"Only {good} texts were JSON.");
    }

    [Fact]
    public void Read_EveryPrefixAndEveryByteFlipped_NeverThrows()
    {
        var good = File.ReadAllBytes(Repository.At("samples/complete/mimir.json"));
        for (var i = 0; i < Array.LastIndexOf(good, (byte)'}'); i++)
        {
            var (node, issues) = Read(good[..i]);
            Assert.True(node is null && issues.Count > 0, $"The first {i} bytes are no configuration.");
            foreach (byte b in (byte[])[0, (byte)'"', (byte)'{', (byte)'}', (byte)'\n', 0xFF])
            {
                var broken = (byte[])good.Clone();
                broken[i] = b;
                (node, issues) = Read(broken);
                Assert.True(node is not null || issues.Count > 0);
            }
        }
    }

    private static bool IsJson(byte[] bytes, out JsonDocument? document)
    {
        try
        {
            document = JsonDocument.Parse(bytes, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return true;
        }
        catch (JsonException)
        {
            document = null;
            return false;
        }
    }

    private static bool IsSame(ConfigNode node, JsonElement element) => node.Kind switch
    {
        ConfigKind.Object => element.ValueKind == JsonValueKind.Object
            && element.EnumerateObject().Count() == node.Members.Length
            && element.EnumerateObject().Zip(node.Members).All(pair => pair.First.Name == pair.Second.Name && IsSame(pair.Second.Value, pair.First.Value)),
        ConfigKind.Array => element.ValueKind == JsonValueKind.Array
            && element.GetArrayLength() == node.Items.Length
            && element.EnumerateArray().Zip(node.Items).All(pair => IsSame(pair.Second, pair.First)),
        ConfigKind.String => element.ValueKind == JsonValueKind.String && element.GetString() == node.Text,
        ConfigKind.Null => element.ValueKind == JsonValueKind.Null,
        _ => element.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False && element.GetRawText() == node.Text,
    };
}
