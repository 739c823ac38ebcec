using System.Text.Json;

namespace Mimir.Protocol.Envelopes;

/// <summary>The walk behind <see cref="EnvelopeScanner"/>: one method per object that holds something deciding.</summary>
internal ref struct MemberScanner
{
    private Seen _seen;

    public ScanStatus ReadMessage(ref FrameReader reader, ref Envelope e)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return ScanStatus.NotMessage;
        }

        var status = ScanStatus.Ok;
        var version = false;
        while (status == ScanStatus.Ok && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Keys.Top(ref reader);
            if (!Once(key))
            {
                return ScanStatus.DuplicateKey;
            }

            reader.Read();
            switch (key)
            {
                case Seen.JsonRpc:
                    version = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("2.0"u8);
                    status = Pass(ref reader);
                    break;
                case Seen.Id:
                    status = ReadId(ref reader, ref e);
                    break;
                case Seen.Method:
                    status = ReadMethod(ref reader, ref e);
                    break;
                case Seen.Params:
                    status = ReadParams(ref reader, ref e);
                    break;
                case Seen.Result:
                    status = ReadResult(ref reader, ref e);
                    break;
                case Seen.Error:
                    status = ReadError(ref reader, ref e);
                    break;
                default:
                    status = Pass(ref reader);
                    break;
            }
        }

        if (status != ScanStatus.Ok)
        {
            return status;
        }

        // Anything but blanks behind the object makes Read throw.
        if (reader.Read() || !version)
        {
            return ScanStatus.NotMessage;
        }

        return Decide(ref e);
    }

    private readonly ScanStatus Decide(ref Envelope e)
    {
        var hasMethod = (_seen & Seen.Method) != Seen.None;
        var hasResult = (_seen & Seen.Result) != Seen.None;
        var hasError = (_seen & Seen.Error) != Seen.None;
        if ((hasMethod ? 1 : 0) + (hasResult ? 1 : 0) + (hasError ? 1 : 0) != 1)
        {
            return ScanStatus.NotMessage;
        }

        if (e.IdIsNull && !hasError)
        {
            return ScanStatus.BadId;
        }

        if (hasMethod)
        {
            e.Kind = e.Id.Exists ? FrameKind.Request : FrameKind.Notification;
        }
        else if (hasResult)
        {
            e.Kind = FrameKind.Response;
            return e.Id.Exists ? ScanStatus.Ok : ScanStatus.BadId;
        }
        else
        {
            e.Kind = FrameKind.Error;
            e.IdIsNull |= !e.Id.Exists;
        }

        return ScanStatus.Ok;
    }

    private static ScanStatus ReadId(ref FrameReader reader, ref Envelope e)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                e.IdIsNull = true;
                return ScanStatus.Ok;
            case JsonTokenType.String:
                break;
            case JsonTokenType.Number when reader.ValueSpan.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0:
                e.IdIsNumber = true;
                break;
            default:
                return ScanStatus.BadId;
        }

        var range = Token(ref reader);
        if (range.Length > EnvelopeScanner.MaxIdBytes)
        {
            return ScanStatus.BadId;
        }

        e.Id = range;
        return ScanStatus.Ok;
    }

    private static ScanStatus ReadMethod(ref FrameReader reader, ref Envelope e)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return ScanStatus.NotMessage;
        }

        e.MethodName = Token(ref reader).Inside;
        if (!reader.ValueIsEscaped)
        {
            e.Method = McpMethods.Find(reader.ValueSpan);
            return ScanStatus.Ok;
        }

        // Slashes may be escaped ("tools\/call"), or everything. A name longer than any known one is simply unknown.
        Span<byte> decoded = stackalloc byte[256];
        if (reader.ValueSpan.Length <= decoded.Length)
        {
            e.Method = McpMethods.Find(decoded[..reader.CopyString(decoded)]);
        }

        return ScanStatus.Ok;
    }

    private ScanStatus ReadParams(ref FrameReader reader, ref Envelope e)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            // JSON-RPC allows arrays here, MCP does not use them: passed on unseen.
            return reader.TokenType == JsonTokenType.StartArray ? Pass(ref reader) : ScanStatus.NotMessage;
        }

        var start = reader.TokenStartIndex;
        var status = ScanStatus.Ok;
        while (status == ScanStatus.Ok && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Keys.Params(ref reader);
            if (!Once(key))
            {
                return ScanStatus.DuplicateKey;
            }

            reader.Read();
            switch (key)
            {
                case Seen.Name:
                    e.NameEscaped = reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped;
                    status = Text(ref reader, ref e.Name);
                    break;
                case Seen.Uri:
                    e.UriEscaped = reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped;
                    status = Text(ref reader, ref e.Uri);
                    break;
                case Seen.TaskId:
                    status = Text(ref reader, ref e.TaskId);
                    break;
                case Seen.Cursor:
                    status = Text(ref reader, ref e.Cursor);
                    break;
                case Seen.Level:
                    status = Text(ref reader, ref e.Level);
                    break;
                case Seen.Version:
                    status = Text(ref reader, ref e.ProtocolVersion);
                    break;
                case Seen.RequestId:
                    status = Scalar(ref reader, ref e.RequestId);
                    break;
                case Seen.Token:
                    status = Scalar(ref reader, ref e.NotifiedToken);
                    break;
                case Seen.Arguments:
                    status = Value(ref reader, ref e.Arguments);
                    break;
                case Seen.Capabilities:
                    status = Value(ref reader, ref e.Capabilities);
                    break;
                case Seen.RequestState:
                    status = Value(ref reader, ref e.RequestState);
                    break;
                case Seen.InputResponses:
                    status = Value(ref reader, ref e.InputResponses);
                    break;
                case Seen.Task:
                    e.AsksForTask = true;
                    status = Pass(ref reader);
                    break;
                case Seen.Ref:
                    status = ReadRef(ref reader, ref e);
                    break;
                case Seen.Meta:
                    status = ReadMeta(ref reader, ref e);
                    break;
                default:
                    status = Pass(ref reader);
                    break;
            }
        }

        e.Params = new ByteRange(start, reader.BytesConsumed - start);
        return status;
    }

    private ScanStatus ReadRef(ref FrameReader reader, ref Envelope e)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Pass(ref reader);
        }

        var status = ScanStatus.Ok;
        while (status == ScanStatus.Ok && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Keys.Ref(ref reader);
            if (!Once(key))
            {
                return ScanStatus.DuplicateKey;
            }

            reader.Read();
            if (key == Seen.RefName)
            {
                e.RefEscaped |= reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped;
                status = Text(ref reader, ref e.RefName);
            }
            else if (key == Seen.RefUri)
            {
                e.RefEscaped |= reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped;
                status = Text(ref reader, ref e.RefUri);
            }
            else
            {
                status = Pass(ref reader);
            }
        }

        return status;
    }

    private ScanStatus ReadMeta(ref FrameReader reader, ref Envelope e)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            e.MetaIsNoObject = true;
            return Pass(ref reader);
        }

        var start = reader.TokenStartIndex;
        var status = ScanStatus.Ok;
        while (status == ScanStatus.Ok && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Keys.Meta(ref reader);
            if (!Once(key))
            {
                return ScanStatus.DuplicateKey;
            }

            reader.Read();
            switch (key)
            {
                case Seen.MetaToken:
                    status = Scalar(ref reader, ref e.ProgressToken);
                    break;
                case Seen.MetaVersion:
                    status = Text(ref reader, ref e.MetaVersion);
                    break;
                case Seen.MetaCapabilities:
                    status = Value(ref reader, ref e.MetaCapabilities);
                    break;
                case Seen.MetaLogLevel:
                    status = Text(ref reader, ref e.MetaLogLevel);
                    break;
                case Seen.MetaClient:
                    status = Value(ref reader, ref e.MetaClient);
                    break;
                case Seen.MetaSubscription:
                    status = Scalar(ref reader, ref e.SubscriptionId);
                    break;
                case Seen.MetaTask:
                    status = ReadTask(ref reader, ref e.RelatedTask);
                    break;
                default:
                    status = Pass(ref reader);
                    break;
            }
        }

        e.Meta = new ByteRange(start, reader.BytesConsumed - start);
        return status;
    }

    private ScanStatus ReadResult(ref FrameReader reader, ref Envelope e)
    {
        var start = reader.TokenStartIndex;
        var status = ScanStatus.Ok;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            status = Pass(ref reader);
        }
        else
        {
            while (status == ScanStatus.Ok && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = Keys.Result(ref reader);
                if (!Once(key))
                {
                    return ScanStatus.DuplicateKey;
                }

                reader.Read();
                status = key switch
                {
                    Seen.IsError => Flag(ref reader, ref e.ResultIsError),
                    Seen.ResultType => Text(ref reader, ref e.ResultType),
                    Seen.TaskId => Text(ref reader, ref e.TaskId),
                    Seen.Version => Text(ref reader, ref e.ProtocolVersion),
                    Seen.Capabilities => Value(ref reader, ref e.Capabilities),
                    Seen.Task => ReadNestedTask(ref reader, ref e),
                    Seen.Meta => ReadMeta(ref reader, ref e),
                    _ => Pass(ref reader),
                };
            }
        }

        e.Result = new ByteRange(start, reader.BytesConsumed - start);
        return status;
    }

    private static ScanStatus ReadNestedTask(ref FrameReader reader, ref Envelope e)
    {
        var status = ReadTask(ref reader, ref e.TaskId);
        e.TaskIsNested = e.TaskId.Exists;
        return status;
    }

    /// <summary>An object of which only <c>taskId</c> matters.</summary>
    private static ScanStatus ReadTask(ref FrameReader reader, ref ByteRange taskId)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Pass(ref reader);
        }

        var status = ScanStatus.Ok;
        var seen = false;
        while (status == ScanStatus.Ok && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("taskId"u8))
            {
                if (seen)
                {
                    return ScanStatus.DuplicateKey;
                }

                seen = true;
                reader.Read();
                status = Text(ref reader, ref taskId);
            }
            else
            {
                reader.Read();
                status = Pass(ref reader);
            }
        }

        return status;
    }

    private static ScanStatus ReadError(ref FrameReader reader, ref Envelope e)
    {
        var start = reader.TokenStartIndex;
        var status = ScanStatus.Ok;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return ScanStatus.NotMessage;
        }

        while (status == ScanStatus.Ok && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isCode = reader.ValueTextEquals("code"u8);
            reader.Read();
            if (isCode && reader.TokenType == JsonTokenType.Number)
            {
                e.ErrorCode = reader.TryGetInt64(out var code) ? code : 0;
                e.ErrorNumber = Token(ref reader);
            }
            else
            {
                status = Pass(ref reader);
            }
        }

        e.Error = new ByteRange(start, reader.BytesConsumed - start);
        return status;
    }

    private bool Once(Seen key)
    {
        // What is noted and decides nothing may stand twice, as any other key may.
        if (key is Seen.None or Seen.IsError or Seen.MetaClient)
        {
            return true;
        }

        var first = (_seen & key) == Seen.None;
        _seen |= key;
        return first;
    }

    /// <summary>Steps over a value nobody decides upon. The reader itself refuses what is nested too deeply.</summary>
    private static ScanStatus Pass(ref FrameReader reader)
    {
        reader.Skip();
        return ScanStatus.Ok;
    }

    private static ByteRange Token(ref FrameReader reader) =>
        new(reader.TokenStartIndex, reader.BytesConsumed - reader.TokenStartIndex);

    private static ScanStatus Text(ref FrameReader reader, ref ByteRange range)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return ScanStatus.BadValue;
        }

        range = Token(ref reader).Inside;
        return ScanStatus.Ok;
    }

    private static ScanStatus Scalar(ref FrameReader reader, ref ByteRange range)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
        {
            return ScanStatus.BadValue;
        }

        range = Token(ref reader);
        return range.Length <= EnvelopeScanner.MaxIdBytes ? ScanStatus.Ok : ScanStatus.BadValue;
    }

    private static ScanStatus Flag(ref FrameReader reader, ref bool flag)
    {
        flag = reader.TokenType == JsonTokenType.True;
        return Pass(ref reader);
    }

    private static ScanStatus Value(ref FrameReader reader, ref ByteRange range)
    {
        var start = reader.TokenStartIndex;
        var status = Pass(ref reader);
        range = new ByteRange(start, reader.BytesConsumed - start);
        return status;
    }
}
