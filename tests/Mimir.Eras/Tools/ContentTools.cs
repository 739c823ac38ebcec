using System.Text;
using Mimir.Eras.Server;

namespace Mimir.Eras.Tools;

/// <summary>What results can hold.</summary>
internal static class ContentTools
{
    private const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
    private const string Object = "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"number\"}},\"required\":[\"n\"]}";
    private const string List = "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}";

    /// <summary>The tools.</summary>
    public static IEnumerable<Tool> All(Era era)
    {
        yield return new("contents", ContentsAsync);
        if (!era.From(Era.R202506)) yield break;
        yield return new("structured", static call => StructuredAsync(call, "{\"n\":1.0}"), More: $"\"outputSchema\":{Object}");
        if (!era.Modern) yield break;
        yield return new("structured-list", static call => StructuredAsync(call, "[1,2,3]"), More: $"\"outputSchema\":{List}");
        yield return new("structured-bare", static call => call.ReplyAsync("\"content\":[],\"structuredContent\":42"));
        yield return new(
            "mirrored",
            static call => call.ReplyTextAsync("in " + call.Arguments.Get("region").AsText()),
            "\"region\":{\"type\":\"string\",\"x-mcp-header\":\"Region\"}");
    }

    private static Task StructuredAsync(Call call, string value) => call.ReplyAsync($"{Call.Text(value)},\"structuredContent\":{value}");

    private static Task ContentsAsync(Call call)
    {
        var blob = Convert.ToBase64String(Encoding.UTF8.GetBytes("blob"));
        var blocks = new List<string>
        {
            "{\"type\":\"text\",\"text\":\"plain\"}",
            $"{{\"type\":\"image\",\"data\":\"{Pixel}\",\"mimeType\":\"image/png\"}}",
            $"{{\"type\":\"resource\",\"resource\":{{\"uri\":\"{Offer.Static}\",\"mimeType\":\"text/plain\",\"text\":\"embedded\"}}}}",
            $"{{\"type\":\"resource\",\"resource\":{{\"uri\":\"test://blob\",\"mimeType\":\"application/octet-stream\",\"blob\":\"{blob}\"}}}}",
        };
        if (call.Era.From(Era.R202503)) blocks.Add("{\"type\":\"audio\",\"data\":\"UklGRg==\",\"mimeType\":\"audio/wav\"}");
        if (call.Era.From(Era.R202506)) blocks.Add($"{{\"type\":\"resource_link\",\"uri\":\"{Offer.Static}\",\"name\":\"static\",\"mimeType\":\"text/plain\"}}");
        return call.ReplyAsync($"\"content\":[{string.Join(',', blocks)}]");
    }
}
