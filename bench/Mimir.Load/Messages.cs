using System.Text;
using Mimir.Epoll;

namespace Mimir.Load;

/// <summary>The requests of a load: alike but for their id and the text that carries it.</summary>
public sealed class Messages
{
    /// <summary>A text begins with its call's id and is filled up with this.</summary>
    internal const byte Filler = (byte)'x';

    private const string ModernMeta =
        "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientInfo\":"
        + "{\"name\":\"mimir-load\",\"version\":\"1\"},\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private readonly byte[] _beforeId = "{\"jsonrpc\":\"2.0\",\"id\":"u8.ToArray();
    private readonly byte[] _beforeText;
    private readonly byte[] _afterText;
    private readonly int _textLength;

    internal Messages(LoadPlan plan, ClientEra era)
    {
        var meta = era == ClientEra.Modern ? ModernMeta : null;
        if (plan.Tool is null)
        {
            _beforeText = Encoding.UTF8.GetBytes($",\"method\":\"tools/list\",\"params\":{{{meta}}}}}");
            _afterText = [];
        }
        else
        {
            _textLength = Math.Max(20, plan.TextLength);
            _beforeText = Encoding.UTF8.GetBytes(
                $",\"method\":\"tools/call\",\"params\":{{{(meta is null ? null : meta + ",")}\"name\":\"{plan.Tool}\",\"arguments\":{{\"text\":\"");
            _afterText = "\"}}}"u8.ToArray();
        }
    }

    /// <summary>The first message of a client of an era, with id 0.</summary>
    public static string Hello(ClientEra era) => era == ClientEra.Modern
        ? $"{{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"server/discover\",\"params\":{{{ModernMeta}}}}}"
        : "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
            + "\"clientInfo\":{\"name\":\"mimir-load\",\"version\":\"1\"}}}";

    /// <summary>A request for the first page of tools, with id 1.</summary>
    public static string List(ClientEra era) =>
        $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{{{(era == ClientEra.Modern ? ModernMeta : null)}}}}}";

    /// <summary>The length of a request in bytes.</summary>
    internal int Length(long id) => _beforeId.Length + Digits(id) + _beforeText.Length + _textLength + _afterText.Length;

    /// <summary>Adds a request.</summary>
    internal void Add(ByteBuffer output, long id)
    {
        output.Add(_beforeId);
        output.Add(id);
        output.Add(_beforeText);
        if (_textLength > 0)
        {
            output.Add(id);
            output.Fill(Filler, _textLength - Digits(id));
        }

        output.Add(_afterText);
    }

    /// <summary>Says whether a text is the one that the call with this id carried.</summary>
    internal bool IsTextOf(long id, ReadOnlySpan<byte> text)
    {
        var digits = Digits(id);
        return text.Length == _textLength
            && System.Buffers.Text.Utf8Parser.TryParse(text[..digits], out long found, out var used) && used == digits && found == id
            && text[digits..].IndexOfAnyExcept(Filler) < 0;
    }

    private static int Digits(long id)
    {
        var digits = 1;
        while ((id /= 10) > 0)
        {
            digits++;
        }

        return digits;
    }
}
