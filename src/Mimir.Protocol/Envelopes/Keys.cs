using System.Text.Json;

namespace Mimir.Protocol.Envelopes;

/// <summary>Tells which deciding key the reader stands on, per object. Exact and case-sensitive, after decoding.</summary>
internal static class Keys
{
    private const int Longest = 64;

    public static Seen Top(ref FrameReader reader)
    {
        if (reader.ValueIsEscaped)
        {
            Span<byte> decoded = stackalloc byte[Longest];
            return Top(decoded[..Decode(ref reader, decoded)]);
        }

        return Top(reader.ValueSpan);
    }

    public static Seen Params(ref FrameReader reader)
    {
        if (reader.ValueIsEscaped)
        {
            Span<byte> decoded = stackalloc byte[Longest];
            return Params(decoded[..Decode(ref reader, decoded)]);
        }

        return Params(reader.ValueSpan);
    }

    public static Seen Meta(ref FrameReader reader)
    {
        if (reader.ValueIsEscaped)
        {
            Span<byte> decoded = stackalloc byte[Longest];
            return Meta(decoded[..Decode(ref reader, decoded)]);
        }

        return Meta(reader.ValueSpan);
    }

    public static Seen Result(ref FrameReader reader)
    {
        if (reader.ValueIsEscaped)
        {
            Span<byte> decoded = stackalloc byte[Longest];
            return Result(decoded[..Decode(ref reader, decoded)]);
        }

        return Result(reader.ValueSpan);
    }

    public static Seen Ref(ref FrameReader reader) =>
        reader.ValueTextEquals("name"u8) ? Seen.RefName : reader.ValueTextEquals("uri"u8) ? Seen.RefUri : Seen.None;

    /// <summary>A key that cannot be a deciding one, because it is longer than any, decodes to nothing.</summary>
    private static int Decode(ref FrameReader reader, scoped Span<byte> buffer)
    {
        Span<byte> wide = stackalloc byte[Longest * 6];
        if (reader.ValueSpan.Length > wide.Length)
        {
            return 0;
        }

        var length = reader.CopyString(wide);
        if (length > buffer.Length)
        {
            return 0;
        }

        wide[..length].CopyTo(buffer);
        return length;
    }

    private static Seen Top(ReadOnlySpan<byte> key) => key.Length switch
    {
        2 when key.SequenceEqual("id"u8) => Seen.Id,
        5 when key.SequenceEqual("error"u8) => Seen.Error,
        6 when key.SequenceEqual("method"u8) => Seen.Method,
        6 when key.SequenceEqual("params"u8) => Seen.Params,
        6 when key.SequenceEqual("result"u8) => Seen.Result,
        7 when key.SequenceEqual("jsonrpc"u8) => Seen.JsonRpc,
        _ => Seen.None,
    };

    private static Seen Params(ReadOnlySpan<byte> key) => key.Length switch
    {
        3 when key.SequenceEqual("uri"u8) => Seen.Uri,
        3 when key.SequenceEqual("ref"u8) => Seen.Ref,
        4 when key.SequenceEqual("name"u8) => Seen.Name,
        4 when key.SequenceEqual("task"u8) => Seen.Task,
        5 when key.SequenceEqual("_meta"u8) => Seen.Meta,
        5 when key.SequenceEqual("level"u8) => Seen.Level,
        6 when key.SequenceEqual("taskId"u8) => Seen.TaskId,
        6 when key.SequenceEqual("cursor"u8) => Seen.Cursor,
        9 when key.SequenceEqual("arguments"u8) => Seen.Arguments,
        9 when key.SequenceEqual("requestId"u8) => Seen.RequestId,
        12 when key.SequenceEqual("capabilities"u8) => Seen.Capabilities,
        12 when key.SequenceEqual("requestState"u8) => Seen.RequestState,
        13 when key.SequenceEqual("progressToken"u8) => Seen.Token,
        14 when key.SequenceEqual("inputResponses"u8) => Seen.InputResponses,
        15 when key.SequenceEqual("protocolVersion"u8) => Seen.Version,
        _ => Seen.None,
    };

    private static Seen Result(ReadOnlySpan<byte> key) => key.Length switch
    {
        4 when key.SequenceEqual("task"u8) => Seen.Task,
        5 when key.SequenceEqual("_meta"u8) => Seen.Meta,
        6 when key.SequenceEqual("taskId"u8) => Seen.TaskId,
        7 when key.SequenceEqual("isError"u8) => Seen.IsError,
        10 when key.SequenceEqual("resultType"u8) => Seen.ResultType,
        12 when key.SequenceEqual("capabilities"u8) => Seen.Capabilities,
        15 when key.SequenceEqual("protocolVersion"u8) => Seen.Version,
        _ => Seen.None,
    };

    private static Seen Meta(ReadOnlySpan<byte> key) => key.Length switch
    {
        13 when key.SequenceEqual("progressToken"u8) => Seen.MetaToken,
        32 when key.SequenceEqual(MetaKeys.LogLevel) => Seen.MetaLogLevel,
        34 when key.SequenceEqual(MetaKeys.ClientInfo) => Seen.MetaClient,
        36 when key.SequenceEqual(MetaKeys.RelatedTask) => Seen.MetaTask,
        39 when key.SequenceEqual(MetaKeys.ProtocolVersion) => Seen.MetaVersion,
        38 when key.SequenceEqual(MetaKeys.SubscriptionId) => Seen.MetaSubscription,
        42 when key.SequenceEqual(MetaKeys.ClientCapabilities) => Seen.MetaCapabilities,
        _ => Seen.None,
    };
}
