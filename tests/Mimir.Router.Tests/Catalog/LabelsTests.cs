using System.Text;
using Mimir.Router.Catalog;

namespace Mimir.Router.Tests.Catalog;

/// <summary>Descriptions that tell the server.</summary>
public sealed class LabelsTests
{
    [Theory]
    [InlineData("""{"name":"t","description":"Reads.","inputSchema":{"description":"x"}}""", """{"name":"t","description":"[files] Reads.","inputSchema":{"description":"x"}}""")]
    [InlineData("""{"description":"","name":"t"}""", """{"description":"[files]","name":"t"}""")]
    [InlineData("""{ "name" : "t", "x": 1.0 }""", """{"description":"[files]", "name" : "t", "x": 1.0 }""")]
    [InlineData("""{"inputSchema":{"description":"inner"},"description":"a\u0020b","name":"t"}""", """{"inputSchema":{"description":"inner"},"description":"[files] a\u0020b","name":"t"}""")]
    [InlineData("""{"name":"t","description":7}""", """{"name":"t","description":7}""")]
    public void Over_Entry_HasTheLabelAndElseEveryByteAsItWas(string before, string after)
    {
        var entry = Entry(before);

        var labelled = Labels.Over(entry, ListKind.Tools, "files");

        Assert.Equal(after, Encoding.UTF8.GetString(labelled.Json));
        Assert.Equal("t", Encoding.UTF8.GetString(labelled.RawKey));
        Assert.Same(labelled, Labels.Over(entry, ListKind.Tools, "files"));
    }

    [Fact]
    public void Over_NameOfAServerWithQuotes_IsStillJson() =>
        Assert.Equal("""{"description":"[a\"b] x","name":"t"}""", Encoding.UTF8.GetString(Labels.Over(Entry("""{"description":"x","name":"t"}"""), ListKind.Prompts, "a\"b").Json));

    private static CatalogEntry Entry(string text)
    {
        var json = Encoding.UTF8.GetBytes(text);
        var (at, key) = EntryKey.Find(json, ListKind.Tools, out _);
        return new CatalogEntry(json, at, key);
    }
}
