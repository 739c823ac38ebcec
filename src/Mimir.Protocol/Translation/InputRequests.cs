using Mimir.Protocol.Envelopes;

namespace Mimir.Protocol.Translation;

/// <summary>
/// What modern servers ask of clients in <c>input_required</c> results (2026-07-28, section on requests of several rounds): reading
/// of it, and which capability it needs. Pure, and safe for any thread. Writing: <see cref="InputWriter"/>.
/// </summary>
public static class InputRequests
{
    /// <summary>Most things that one result may ask for.</summary>
    public const int Most = 64;

    /// <summary>Reads a result.</summary>
    /// <param name="frame">The whole answer.</param>
    /// <param name="envelope">What the scanner found in it.</param>
    /// <param name="asked">Takes what is asked, in its order. Emptied first; to be used only when the reading ends well.</param>
    /// <param name="requestState">The JSON string token to come back with, quotes included, when there is one.</param>
    public static InputReading Read(ReadOnlySpan<byte> frame, in Envelope envelope, List<InputRequest> asked, out ByteRange requestState)
    {
        requestState = default;
        asked.Clear();
        if (envelope.Kind != FrameKind.Response || !envelope.ResultType.Exists
            || !JsonBytes.TextIs(envelope.ResultType.Of(frame), "input_required"u8))
        {
            return InputReading.NotAsked;
        }

        ByteRange requests = default;
        var members = new JsonMembers(frame, envelope.Result.At, envelope.Meta);
        while (members.Next())
        {
            var isRequests = members.KeyIs("inputRequests"u8);
            if (!isRequests && !members.KeyIs("requestState"u8))
            {
                continue;
            }

            ref var place = ref (isRequests ? ref requests : ref requestState);
            if (place.Exists)
            {
                return InputReading.Malformed;
            }

            // Some writers say null for what is not there.
            if (members.First != 'n')
            {
                place = members.Value;
            }
        }

        if (members.IsBroken || !(requests.Exists || requestState.Exists) || (requestState.Exists && frame[requestState.At] != '"'))
        {
            return InputReading.Malformed;
        }

        return requests.Exists ? ReadAll(frame, requests.At, asked) : InputReading.Ok;
    }

    /// <summary>The capability that a client needs to answer.</summary>
    /// <param name="frame">The frame that was read.</param>
    /// <param name="request">One of the things it asks.</param>
    public static ClientCapability NeedOf(ReadOnlySpan<byte> frame, in InputRequest request) => NeedOf(frame, request.Method, request.Params);

    /// <summary>The capability that a client needs to answer a request of a legacy server.</summary>
    /// <param name="frame">The whole request.</param>
    /// <param name="envelope">What the scanner found in it.</param>
    public static ClientCapability NeedOf(ReadOnlySpan<byte> frame, in Envelope envelope) => NeedOf(frame, envelope.Method, envelope.Params);

    private static ClientCapability NeedOf(ReadOnlySpan<byte> frame, McpMethod method, ByteRange parameters) => method switch
    {
        McpMethod.RootsList => ClientCapability.Roots,
        McpMethod.CreateMessage => OffersTools(frame, parameters) ? ClientCapability.SamplingTools : ClientCapability.Sampling,
        McpMethod.Elicit => ModeOf(frame, parameters),
        _ => ClientCapability.Unknown,
    };

    private static bool OffersTools(ReadOnlySpan<byte> frame, ByteRange parameters)
    {
        var members = new JsonMembers(frame, parameters.At);
        while (parameters.Exists && members.Next())
        {
            if (members.First != 'n' && (members.KeyIs("tools"u8) || members.KeyIs("toolChoice"u8)))
            {
                return true;
            }
        }

        return false;
    }

    private static ClientCapability ModeOf(ReadOnlySpan<byte> frame, ByteRange parameters)
    {
        var need = ClientCapability.ElicitationForm;
        var seen = false;
        var members = new JsonMembers(frame, parameters.At);
        while (parameters.Exists && members.Next())
        {
            if (members.KeyIs("mode"u8))
            {
                if (seen)
                {
                    // Whoever takes the other one asks for something else.
                    return ClientCapability.Unknown;
                }

                seen = true;
                need = members.ValueIs("form"u8) ? ClientCapability.ElicitationForm
                    : members.ValueIs("url"u8) ? ClientCapability.ElicitationUrl
                    : ClientCapability.Unknown;
            }
        }

        return need;
    }

    private static InputReading ReadAll(ReadOnlySpan<byte> frame, int requests, List<InputRequest> asked)
    {
        var members = new JsonMembers(frame, requests);
        while (members.Next())
        {
            if (asked.Count == Most)
            {
                return InputReading.TooMany;
            }

            if (!TryReadOne(frame, members, out var request) || Holds(frame, asked, request.Key))
            {
                return InputReading.Malformed;
            }

            asked.Add(request);
        }

        return members.IsBroken ? InputReading.Malformed : InputReading.Ok;
    }

    private static bool TryReadOne(ReadOnlySpan<byte> frame, in JsonMembers entry, out InputRequest request)
    {
        ByteRange method = default, parameters = default;
        request = default;
        var members = new JsonMembers(frame, entry.Value.At);
        while (members.Next())
        {
            var isMethod = members.KeyIs("method"u8);
            if (!isMethod && !members.KeyIs("params"u8))
            {
                continue;
            }

            ref var place = ref (isMethod ? ref method : ref parameters);
            if (place.Exists || members.First != (isMethod ? (byte)'"' : (byte)'{'))
            {
                return false;
            }

            place = members.Value;
        }

        if (members.IsBroken || !method.Exists)
        {
            return false;
        }

        request = new InputRequest(entry.Key, MethodOf(method.Inside.Of(frame)), parameters);
        return true;
    }

    private static McpMethod MethodOf(ReadOnlySpan<byte> name)
    {
        foreach (var method in (ReadOnlySpan<McpMethod>)[McpMethod.Elicit, McpMethod.CreateMessage, McpMethod.RootsList])
        {
            if (JsonBytes.TextIs(name, McpMethods.Utf8NameOf(method)))
            {
                return method;
            }
        }

        return McpMethod.Unknown;
    }

    private static bool Holds(ReadOnlySpan<byte> frame, List<InputRequest> asked, ByteRange key)
    {
        foreach (var earlier in asked)
        {
            if (JsonBytes.SameText(earlier.Key.Of(frame), key.Of(frame)))
            {
                return true;
            }
        }

        return false;
    }
}
