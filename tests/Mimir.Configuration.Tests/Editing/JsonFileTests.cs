using System.Text;
using Mimir.Configuration.Editing;

namespace Mimir.Configuration.Tests.Editing;

public sealed class JsonFileTests
{
    [Theory]
    [InlineData("{}", "{ \"k\": 1 }")]
    [InlineData("{ }", "{ \"k\": 1 }")]
    [InlineData("{ \"a\": 2 }", "{ \"a\": 2, \"k\": 1 }")]
    [InlineData("{ \"k\": [2, 3] }", "{ \"k\": 1 }")]
    [InlineData("{\n    \"a\": 2\n}\n", "{\n    \"a\": 2,\n    \"k\": 1\n}\n")]
    [InlineData("{\r\n\t\"a\": 2\r\n}", "{\r\n\t\"a\": 2,\r\n\t\"k\": 1\r\n}")]
    [InlineData("// top\n{\n  \"a\": 2, // of a\n  /* end */\n}", "// top\n{\n  \"a\": 2, // of a\n  /* end */\n  \"k\": 1\n}")]
    [InlineData("{\n  \"a\": 2 // of a\n}", "{\n  \"a\": 2, // of a\n  \"k\": 1\n}")]
    [InlineData("{\n  // nothing yet\n}", "{\n  // nothing yet\n  \"k\": 1\n}")]
    [InlineData("\uFEFF{\"a\":\"ü\"}", "\uFEFF{\"a\":\"ü\", \"k\": 1}")]
    public void Set_AnyText_ChangesOnlyTheKey(string text, string expected) => Check(text, expected, f => f.Set(["k"], "1"));

    [Theory]
    [InlineData("{ \"k\": 1 }", "{ }")]
    [InlineData("{ \"k\": 1, \"a\": 2 }", "{ \"a\": 2 }")]
    [InlineData("{ \"a\": 2, \"k\": 1 }", "{ \"a\": 2 }")]
    [InlineData("{\n  \"a\": 2, // of a\n  \"k\": 1\n}", "{\n  \"a\": 2 // of a\n}")]
    [InlineData("{\n  // of k\n  \"k\": { \"x\": [\n 1 ] },\n  \"a\": 2,\n}", "{\n  // of k\n  \"a\": 2,\n}")]
    [InlineData("{ \"a\": 2 }", "{ \"a\": 2 }")]
    public void Remove_AnyText_ChangesOnlyTheKey(string text, string expected) => Check(text, expected, f => f.Remove("k"));

    [Theory]
    [InlineData("{\"l\":[]}", "{\"l\":[\"n\"]}")]
    [InlineData("{\"l\":[\"a\"]}", "{\"l\":[\"a\", \"n\"]}")]
    [InlineData("{\"l\":[\n  \"a\" // of a\n ]}", "{\"l\":[\n  \"a\", // of a\n  \"n\"\n ]}")]
    public void AddItem_AnyText_ChangesOnlyTheList(string text, string expected) => Check(text, expected, f => f.AddItem(["l"], "\"n\""));

    [Theory]
    [InlineData("{\"l\":[\"a\", \"n\"]}", "{\"l\":[\"n\"]}")]
    [InlineData("{\"l\":[\"a\"]}", "{\"l\":[]}")]
    [InlineData("{\"l\":[\n  \"a\", // of a\n  \"n\"\n ]}", "{\"l\":[\n  // of a\n  \"n\"\n ]}")]
    public void RemoveItem_AnyText_ChangesOnlyTheList(string text, string expected) => Check(text, expected, f => f.RemoveItem(["l"], 0));

    [Fact]
    public void Set_DeepPath_MakesTheObjectsOnTheWay() => Check("{}", "{ \"a\": { \"b\": { \"c\": true } } }", f => f.Set(["a", "b", "c"], "true"));

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{ \"a\": 1, \"a\": 2 }")]
    public void Open_NoObjectThatCanBeRead_IsNull(string text) => Assert.Null(JsonFile.Open(Encoding.UTF8.GetBytes(text)));

    private static void Check(string text, string expected, Action<JsonFile> change)
    {
        var file = JsonFile.Open(Encoding.UTF8.GetBytes(text))!;
        change(file);
        Assert.Equal(expected, Encoding.UTF8.GetString(file.Bytes));
        Assert.NotNull(JsonFile.Open(file.Bytes));
    }
}
