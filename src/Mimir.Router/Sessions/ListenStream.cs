using System.Buffers;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Catalog;
using Mimir.Router.State;

namespace Mimir.Router.Sessions;

/// <summary>One open <c>subscriptions/listen</c> of a modern client.</summary>
public sealed class ListenStream
{
    private readonly Exchange _exchange;
    private readonly int _generation;
    private readonly byte[] _id;
    private volatile bool _acknowledged;

    /// <summary>Creates one from the request.</summary>
    /// <param name="exchange">The request, which stays open.</param>
    /// <param name="generation">Its generation.</param>
    /// <param name="view">The selection of servers.</param>
    /// <param name="parameters">The JSON of <c>params</c>.</param>
    public ListenStream(Exchange exchange, int generation, View view, ReadOnlySpan<byte> parameters)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        _exchange = exchange;
        _generation = generation;
        _id = exchange.CallerId.Span.ToArray();
        View = view;
        using var document = JsonDocument.Parse(parameters.ToArray());
        if (!document.RootElement.TryGetProperty("notifications", out var wanted) || wanted.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        Tools = Flag(wanted, "toolsListChanged");
        Prompts = Flag(wanted, "promptsListChanged");
        Resources = Flag(wanted, "resourcesListChanged");
        Uris = Texts(wanted, "resourceSubscriptions");
        TaskIds = Texts(wanted, "taskIds");
    }

    /// <summary>The selection of servers.</summary>
    public View View { get; }

    /// <summary>Wants news of tools.</summary>
    public bool Tools { get; }

    /// <summary>Wants news of prompts.</summary>
    public bool Prompts { get; }

    /// <summary>Wants news of resources.</summary>
    public bool Resources { get; }

    /// <summary>Wants updates of these resources, as the client names them.</summary>
    public IReadOnlyList<string> Uris { get; private set; } = [];

    /// <summary>Wants news of these tasks, as the client names them.</summary>
    public IReadOnlyList<string> TaskIds { get; private set; } = [];

    /// <summary>True once the client has gone.</summary>
    public bool IsEnded => _exchange.IsEnded || _exchange.Generation != _generation;

    /// <summary>Leaves what can be honoured.</summary>
    /// <param name="uris">The resources that can be watched.</param>
    /// <param name="taskIds">The tasks that can be watched.</param>
    public void Narrow(IReadOnlyList<string> uris, IReadOnlyList<string> taskIds)
    {
        Uris = uris;
        TaskIds = taskIds;
    }

    /// <summary>Says yes to what is left. News before it are none of the client's.</summary>
    public void Acknowledge()
    {
        Push(McpMethod.SubscriptionsAcknowledged, json =>
        {
            json.WriteStartObject("notifications"u8);
            WriteFlag(json, "toolsListChanged"u8, Tools);
            WriteFlag(json, "promptsListChanged"u8, Prompts);
            WriteFlag(json, "resourcesListChanged"u8, Resources);
            WriteTexts(json, "resourceSubscriptions"u8, Uris);
            WriteTexts(json, "taskIds"u8, TaskIds);
            json.WriteEndObject();
        });
        _acknowledged = true;
    }

    /// <summary>Reports a list that changed, if that was asked for.</summary>
    public void ListChanged(ListKind kind)
    {
        if (_acknowledged && kind switch { ListKind.Tools => Tools, ListKind.Prompts => Prompts, _ => Resources })
        {
            Push(kind.Changed(), null);
        }
    }

    /// <summary>Passes a notification on as it came, stamped with this stream's id.</summary>
    /// <param name="frame">The notification.</param>
    /// <param name="envelope">Its envelope.</param>
    /// <param name="range">What the client names otherwise; missing for nothing. Empty to put something in.</param>
    /// <param name="with">What it names it, as the inside of a JSON string.</param>
    public void Forward(ReadOnlySpan<byte> frame, in Envelope envelope, ByteRange range, ReadOnlySpan<byte> with)
    {
        if (!_acknowledged)
        {
            return;
        }

        scoped SpliceList splices = default;
        if (range.At > 0)
        {
            splices.Replace(range, with);
        }

        if (envelope.SubscriptionId.Exists)
        {
            splices.Replace(envelope.SubscriptionId, _id);
        }
        else
        {
            Stamp(ref splices, frame, envelope);
        }

        _exchange.Push(_generation, splices.Apply(frame));
    }

    /// <summary>Ends the stream in good order.</summary>
    public void End()
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("resultType"u8, "complete"u8);
            WriteMeta(json);
            json.WriteEndObject();
        }

        _exchange.AnswerResult(_generation, output.WrittenSpan);
    }

    private static bool Flag(JsonElement from, string name) => from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static List<string> Texts(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Take(1000).Select(v => v.GetString()!)]
            : [];

    private static void WriteFlag(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool value)
    {
        if (value)
        {
            json.WriteBoolean(name, true);
        }
    }

    private static void WriteTexts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private void Push(McpMethod method, Action<Utf8JsonWriter>? write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc"u8, "2.0"u8);
            json.WriteString("method"u8, McpMethods.Utf8NameOf(method));
            json.WriteStartObject("params"u8);
            write?.Invoke(json);
            WriteMeta(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        _exchange.Push(_generation, output.WrittenSpan);
    }

    /// <summary>Puts this stream's id in where the server named none.</summary>
    private void Stamp(ref SpliceList splices, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        byte[] entry = [(byte)'"', .. MetaKeys.SubscriptionId, .. "\":"u8, .. _id];
        if (!envelope.Meta.Exists)
        {
            splices.Replace(new ByteRange(envelope.Params.At + 1, 0), (byte[])[.. "\"_meta\":{"u8, .. entry, .. "},"u8]);
            return;
        }

        var empty = envelope.Meta.Of(frame)[1..^1].Trim(" \t\r\n"u8).IsEmpty;
        splices.Replace(new ByteRange(envelope.Meta.At + 1, 0), empty ? entry : [.. entry, (byte)',']);
    }

    private void WriteMeta(Utf8JsonWriter json)
    {
        json.WriteStartObject("_meta"u8);
        json.WritePropertyName(MetaKeys.SubscriptionId);
        json.WriteRawValue(_id);
        json.WriteEndObject();
    }
}
