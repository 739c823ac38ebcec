using System.Text;
using System.Text.Json;
using Mimir.Protocol.Envelopes;

namespace Mimir.Fuzz.Oracles;

/// <summary>
/// What a message is, read off the document tree of the runtime's parser. Ranges are given as the raw text they must cover; strings
/// without their quotes.
/// </summary>
internal sealed class EnvelopeReference
{
    private static readonly HashSet<string> s_top = ["jsonrpc", "id", "method", "params", "result", "error"];

    private readonly HashSet<string> _seen = [];

    /// <summary>False when the frame must be refused.</summary>
    public bool IsOk { get; private set; } = true;

    /// <summary>A key or a value that decides is no Unicode text: refusing the frame and reading on are both allowed.</summary>
    public bool IsUnclear { get; private set; }

    public FrameKind Kind { get; private set; }

    public McpMethod Method { get; private set; }

    public bool IdIsNull { get; private set; }

    public bool IdIsNumber { get; private set; }

    public bool AsksForTask { get; private set; }

    public long ErrorCode { get; private set; }

    /// <summary>The parts that were found, by the name of the envelope's field.</summary>
    public Dictionary<string, string> Parts { get; } = [];

    public static EnvelopeReference Read(JsonElement root)
    {
        var reference = new EnvelopeReference();
        reference.Message(root);
        return reference;
    }

    private void Message(JsonElement root)
    {
        var isVersion2 = false;
        foreach (var (key, value) in Members(root))
        {
            Once(s_top.Contains(key) ? key : null);
            switch (key)
            {
                case "jsonrpc":
                    isVersion2 = value.ValueKind == JsonValueKind.String && Known(value) == "2.0";
                    break;
                case "id":
                    Id(value);
                    break;
                case "method":
                    Text("MethodName", value);
                    Method = value.ValueKind == JsonValueKind.String ? MethodOf(value) : default;
                    break;
                case "params":
                    Params(value);
                    break;
                case "result":
                    Result(value);
                    break;
                case "error":
                    Error(value);
                    break;
            }
        }

        IsOk &= root.ValueKind == JsonValueKind.Object && isVersion2;
        Decide();
    }

    private void Decide()
    {
        var kinds = new[] { "method", "result", "error" }.Count(_seen.Contains);
        var hasId = Parts.ContainsKey("Id");
        IsOk &= kinds == 1 && (_seen.Contains("error") || !IdIsNull) && (!_seen.Contains("result") || hasId);
        Kind = !IsOk ? FrameKind.Invalid
            : _seen.Contains("error") ? FrameKind.Error
            : _seen.Contains("result") ? FrameKind.Response
            : hasId ? FrameKind.Request : FrameKind.Notification;
        IdIsNull |= Kind == FrameKind.Error && !hasId;
    }

    private void Id(JsonElement value)
    {
        IdIsNull = value.ValueKind == JsonValueKind.Null;
        IdIsNumber = value.ValueKind == JsonValueKind.Number;
        if (!IdIsNull)
        {
            Scalar("Id", value);
            IsOk &= !IdIsNumber || value.GetRawText().IndexOfAny(['.', 'e', 'E']) < 0;
        }
    }

    private void Params(JsonElement value)
    {
        IsOk &= value.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        if (value.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        Parts["Params"] = value.GetRawText();
        foreach (var (key, member) in Members(value))
        {
            switch (key)
            {
                case "name" or "uri" or "taskId" or "cursor" or "level" or "protocolVersion":
                    Once(key);
                    Text(char.ToUpperInvariant(key[0]) + key[1..], member);
                    break;
                case "requestId":
                    Once(key);
                    Scalar("RequestId", member);
                    break;
                case "progressToken":
                    Once(key);
                    Scalar("NotifiedToken", member);
                    break;
                case "arguments" or "capabilities":
                    Once(key);
                    Parts[char.ToUpperInvariant(key[0]) + key[1..]] = member.GetRawText();
                    break;
                case "task":
                    Once(key);
                    AsksForTask = true;
                    break;
                case "ref":
                    Once(key);
                    Ref(member);
                    break;
                case "_meta":
                    Once(key);
                    Meta(member);
                    break;
            }
        }
    }

    private void Ref(JsonElement value)
    {
        foreach (var (key, member) in Members(value))
        {
            if (key is "name" or "uri")
            {
                Once("ref." + key);
                Text(key == "name" ? "RefName" : "RefUri", member);
            }
        }
    }

    private void Meta(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            Parts["Meta"] = value.GetRawText();
        }

        foreach (var (key, member) in Members(value))
        {
            const string Prefix = "io.modelcontextprotocol/";
            var name = key == "progressToken" ? key : key.StartsWith(Prefix, StringComparison.Ordinal) ? key[Prefix.Length..] : "";
            switch (name)
            {
                case "progressToken":
                    Once("meta." + name);
                    Scalar("ProgressToken", member);
                    break;
                case "protocolVersion":
                    Once("meta." + name);
                    Text("MetaVersion", member);
                    break;
                case "clientCapabilities":
                    Once("meta." + name);
                    Parts["MetaCapabilities"] = member.GetRawText();
                    break;
                case "logLevel":
                    Once("meta." + name);
                    Text("MetaLogLevel", member);
                    break;
                case "subscriptionId":
                    Once("meta." + name);
                    Scalar("SubscriptionId", member);
                    break;
                case "related-task":
                    Once("meta." + name);
                    Task("RelatedTask", member);
                    break;
            }
        }
    }

    private void Result(JsonElement value)
    {
        Parts["Result"] = value.GetRawText();
        foreach (var (key, member) in Members(value))
        {
            switch (key)
            {
                case "resultType" or "taskId" or "protocolVersion":
                    Once(key);
                    Text(char.ToUpperInvariant(key[0]) + key[1..], member);
                    break;
                case "capabilities":
                    Once(key);
                    Parts["Capabilities"] = member.GetRawText();
                    break;
                case "task":
                    Once(key);
                    Task("TaskId", member);
                    break;
                case "_meta":
                    Once(key);
                    Meta(member);
                    break;
            }
        }
    }

    private void Task(string part, JsonElement value)
    {
        var ids = Members(value).Where(m => m.Key == "taskId").ToList();
        IsOk &= ids.Count <= 1;
        ids.ForEach(id => Text(part, id.Value));
    }

    private void Error(JsonElement value)
    {
        IsOk &= value.ValueKind == JsonValueKind.Object;
        Parts["Error"] = value.GetRawText();
        foreach (var (_, member) in Members(value).Where(m => m is { Key: "code", Value.ValueKind: JsonValueKind.Number }))
        {
            ErrorCode = member.TryGetInt64(out var code) ? code : 0;
        }
    }

    private void Once(string? key)
    {
        if (key is not null)
        {
            IsOk &= _seen.Add(key);
        }
    }

    private void Text(string part, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            Parts[part] = value.GetRawText()[1..^1];
        }
        else
        {
            IsOk = false;
        }
    }

    private void Scalar(string part, JsonElement value)
    {
        var raw = value.GetRawText();
        IsOk &= value.ValueKind is JsonValueKind.String or JsonValueKind.Number && Encoding.UTF8.GetByteCount(raw) <= EnvelopeScanner.MaxIdBytes;
        Parts[part] = raw;
    }

    private McpMethod MethodOf(JsonElement value)
    {
        var name = Known(value);
        return Enum.GetValues<McpMethod>().FirstOrDefault(m => name is { Length: > 0 } && McpMethods.NameOf(m) == name);
    }

    private string? Known(JsonElement value)
    {
        var text = HeaderReference.TextOf(value);
        IsUnclear |= text is null;
        return text;
    }

    private List<KeyValuePair<string, JsonElement>> Members(JsonElement value)
    {
        var members = new List<KeyValuePair<string, JsonElement>>();
        if (value.ValueKind != JsonValueKind.Object)
        {
            return members;
        }

        foreach (var property in value.EnumerateObject())
        {
            try
            {
                members.Add(new(property.Name, property.Value));
            }
            catch (InvalidOperationException)
            {
                IsUnclear = true;
            }
        }

        return members;
    }
}
