using System.Buffers;
using System.Buffers.Text;

namespace Mimir.Protocol.Sse;

/// <summary>Writes events of a <c>text/event-stream</c>. Every method writes whole lines or a whole event and keeps no state.</summary>
/// <remarks>
/// Whatever bytes the data has, a reader gets one event: data is cut at CR, LF and CRLF into several <c>data</c> lines, which a
/// reader joins by LF. Between the tokens of JSON that is the same white space, and inside a JSON string none of them can stand.
/// </remarks>
public static class SseWriter
{
    private static readonly SearchValues<byte> s_lineBreaks = SearchValues.Create("\r\n"u8);

    /// <summary>A comment that keeps a quiet stream open: <c>: keep-alive</c> and a blank line.</summary>
    public static ReadOnlySpan<byte> KeepAlive => ": keep-alive\n\n"u8;

    /// <summary>Whether the bytes would need more than one <c>data</c> line.</summary>
    /// <param name="data">Bytes meant for <see cref="Begin"/>.</param>
    public static bool HasLineBreak(ReadOnlySpan<byte> data) => data.ContainsAny(s_lineBreaks);

    /// <summary>Writes one event.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="data">The data; any bytes. Empty data is written as an empty <c>data</c> line, as a priming event has it.</param>
    /// <param name="type">The type; empty for none, which readers take as <c>message</c>. No CR or LF.</param>
    /// <param name="id">The event id; empty for none. No CR, LF or NUL.</param>
    /// <param name="retryMs">The reconnection time in milliseconds, not negative; null for none.</param>
    /// <exception cref="ArgumentException">The type or the id has bytes that would end the line.</exception>
    public static void Write(
        IBufferWriter<byte> output, ReadOnlySpan<byte> data, ReadOnlySpan<byte> type = default, ReadOnlySpan<byte> id = default, int? retryMs = null)
    {
        Begin(output, type, id, retryMs);
        WriteLines(output, data, "\ndata: "u8);
        End(output);
    }

    /// <summary>Writes one event whose data lies in several pieces.</summary>
    /// <inheritdoc cref="Write(IBufferWriter{byte}, ReadOnlySpan{byte}, ReadOnlySpan{byte}, ReadOnlySpan{byte}, int?)"/>
    public static void Write(
        IBufferWriter<byte> output, in ReadOnlySequence<byte> data, ReadOnlySpan<byte> type = default, ReadOnlySpan<byte> id = default, int? retryMs = null)
    {
        Begin(output, type, id, retryMs);
        var lfBelongsToCr = false;
        foreach (var piece in data)
        {
            var span = piece.Span;
            if (span.IsEmpty)
            {
                continue;
            }

            if (lfBelongsToCr && span[0] == (byte)'\n')
            {
                span = span[1..];
            }

            WriteLines(output, span, "\ndata: "u8);
            lfBelongsToCr = piece.Span[^1] == (byte)'\r';
        }

        End(output);
    }

    /// <summary>
    /// Writes everything of an event that stands before its data, for callers that write the data themselves: bytes
    /// without CR and LF (see <see cref="HasLineBreak"/>), then <see cref="End"/>.
    /// </summary>
    /// <inheritdoc cref="Write(IBufferWriter{byte}, ReadOnlySpan{byte}, ReadOnlySpan{byte}, ReadOnlySpan{byte}, int?)"/>
    public static void Begin(IBufferWriter<byte> output, ReadOnlySpan<byte> type = default, ReadOnlySpan<byte> id = default, int? retryMs = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!type.IsEmpty)
        {
            WriteField(output, "event: "u8, type, nameof(type));
        }

        if (!id.IsEmpty)
        {
            WriteField(output, "id: "u8, id, nameof(id));
        }

        if (retryMs is { } retry)
        {
            WriteRetry(output, retry);
        }

        output.Write("data: "u8);
    }

    /// <summary>Closes an event opened with <see cref="Begin"/>.</summary>
    /// <param name="output">Where to.</param>
    public static void End(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("\n\n"u8);
    }

    /// <summary>Writes a comment: text that readers count as a sign of life and otherwise ignore.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="text">Any bytes; each of its lines becomes a comment line.</param>
    public static void WriteComment(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write(": "u8);
        WriteLines(output, text, "\n: "u8);
        output.Write("\n\n"u8);
    }

    private static void WriteField(IBufferWriter<byte> output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, string parameter)
    {
        if (value.IndexOfAny((byte)'\r', (byte)'\n', (byte)0) >= 0)
        {
            throw new ArgumentException("The value must not contain CR, LF or NUL.", parameter);
        }

        output.Write(name);
        output.Write(value);
        output.Write("\n"u8);
    }

    private static void WriteRetry(IBufferWriter<byte> output, int retryMs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(retryMs);
        output.Write("retry: "u8);
        Utf8Formatter.TryFormat(retryMs, output.GetSpan(16), out var written);
        output.Advance(written);
        output.Write("\n"u8);
    }

    private static void WriteLines(IBufferWriter<byte> output, ReadOnlySpan<byte> text, ReadOnlySpan<byte> lineBreak)
    {
        for (int at; (at = text.IndexOfAny(s_lineBreaks)) >= 0;)
        {
            output.Write(text[..at]);
            output.Write(lineBreak);
            var isPair = text[at] == (byte)'\r' && at + 1 < text.Length && text[at + 1] == (byte)'\n';
            text = text[(at + (isPair ? 2 : 1))..];
        }

        output.Write(text);
    }
}
