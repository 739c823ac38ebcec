using Mimir.Embed.Hosting;
using Mimir.Embed.Resources;
using Mimir.Embed.Tests.Support;
using Mimir.Embed.Tools;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Tools;

/// <summary>Every kind of content, as a client gets it.</summary>
public sealed class ResultTests
{
    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Call_EveryKindOfContent_ComesInItsOrder(string revision)
    {
        var host = new McpHost();
        host.Tools.Add("all", "Answers everything.", static () => ToolResult.Text("one")
            .With(ToolResult.Image(new byte[] { 2 }))
            .With(ToolResult.Audio(new byte[] { 3 }, "audio/ogg"))
            .With(ToolResult.Embedded("game://map", ResourceBody.Text("four"), "text/plain"))
            .With(ToolResult.Embedded("game://tile", ResourceBody.Bytes(new byte[] { 5 }, "image/png")))
            .With(ToolResult.Link("game://score", "score"))
            .WithText("seven"));
        await using var line = await Line.OpenAsync(host, revision);

        var content = (await line.Client.CallToolAsync("all")).Content;

        Assert.Equal(7, content.Count);
        Assert.Equal("one", Assert.IsType<TextContentBlock>(content[0]).Text);
        Assert.Equal([2], Assert.IsType<ImageContentBlock>(content[1]).DecodedData.ToArray());
        var sound = Assert.IsType<AudioContentBlock>(content[2]);
        Assert.Equal("audio/ogg", sound.MimeType);
        Assert.Equal([3], sound.DecodedData.ToArray());
        var text = Assert.IsType<TextResourceContents>(Assert.IsType<EmbeddedResourceBlock>(content[3]).Resource);
        Assert.Equal(("game://map", "text/plain", "four"), (text.Uri, text.MimeType, text.Text));
        var blob = Assert.IsType<BlobResourceContents>(Assert.IsType<EmbeddedResourceBlock>(content[4]).Resource);
        Assert.Equal(("game://tile", "image/png"), (blob.Uri, blob.MimeType));
        Assert.Equal([5], blob.DecodedData.ToArray());
        Assert.Equal("game://score", Assert.IsType<ResourceLinkBlock>(content[5]).Uri);
        Assert.Equal("seven", Assert.IsType<TextContentBlock>(content[6]).Text);
    }
}
