using System.Text;

namespace Mimir.Faults.Network;

/// <summary>A reply that was written beforehand.</summary>
/// <param name="Bytes">Its bytes, status line and all.</param>
/// <param name="Then">How the connection ends after it; null keeps it open for the next request.</param>
internal sealed record Canned(byte[] Bytes, CutKind? Then = null)
{
    /// <summary>A whole reply with a body.</summary>
    /// <param name="status">Status and reason.</param>
    /// <param name="type">The content type; null for none.</param>
    /// <param name="body">The body.</param>
    /// <param name="headers">More headers, each with its line end.</param>
    public static Canned Reply(string status, string? type, string body, string headers = "") => Reply(status, type, Encoding.UTF8.GetBytes(body), headers);

    /// <summary>A whole reply with a body of bytes.</summary>
    public static Canned Reply(string status, string? type, byte[] body, string headers = "")
    {
        var head = $"HTTP/1.1 {status}\r\n{(type is null ? "" : $"Content-Type: {type}\r\n")}{headers}Content-Length: {body.Length}\r\n\r\n";
        return new Canned([.. Encoding.UTF8.GetBytes(head), .. body]);
    }

    /// <summary>Exactly these bytes.</summary>
    public static Canned Raw(string text, CutKind? then = null) => new(Encoding.UTF8.GetBytes(text), then);
}
