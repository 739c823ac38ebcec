using System.Globalization;
using System.Text;
using System.Text.Json;
using Mimir.Functional.Clients;

namespace Mimir.Faults.Network;

/// <summary>One HTTP request, as far as whoever answers it in the server's place needs it.</summary>
/// <param name="Head">Request line and headers.</param>
/// <param name="Body">The body.</param>
internal sealed record WireRequest(string Head, string Body)
{
    /// <summary>The HTTP verb.</summary>
    public string Verb => Head[..Math.Max(0, Head.IndexOf(' ', StringComparison.Ordinal))];

    /// <summary>The message.</summary>
    public JsonElement Message => new Reply(0, Body).Root;

    /// <summary>The method of the message, or null.</summary>
    public string? Method => Message.At("method").Str();

    /// <summary>The id of the message, <c>null</c> without one.</summary>
    public string Id => Message.At("id") is { ValueKind: not JsonValueKind.Undefined } id ? id.GetRawText() : "null";

    /// <summary>Reads a whole request off the front of what has come.</summary>
    /// <param name="bytes">What has come.</param>
    /// <param name="length">How much of it the request is.</param>
    /// <returns>Null while more must come.</returns>
    public static WireRequest? Read(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0) return null;
        var head = Encoding.ASCII.GetString(bytes[..end]);
        var rest = bytes[(end + 4)..];
        string? Header(string name) => head.Split("\r\n").Skip(1).FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
        if (Header("Transfer-Encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true)
        {
            var body = new StringBuilder();
            var at = 0;
            while (true)
            {
                var line = rest[at..].IndexOf("\r\n"u8);
                if (line < 0) return null;
                var size = int.Parse(Encoding.ASCII.GetString(rest.Slice(at, line)), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                at += line + 2;
                if (rest.Length < at + size + 2) return null;
                body.Append(Encoding.UTF8.GetString(rest.Slice(at, size)));
                at += size + 2;
                if (size > 0) continue;
                length = end + 4 + at;
                return new WireRequest(head, body.ToString());
            }
        }

        var announced = int.Parse(Header("Content-Length") ?? "0", CultureInfo.InvariantCulture);
        if (rest.Length < announced) return null;
        length = end + 4 + announced;
        return new WireRequest(head, Encoding.UTF8.GetString(rest[..announced]));
    }
}
