using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mimir.Eras.Server;
using Mimir.Eras.Wire;

namespace Mimir.Eras.Tools;

/// <summary>
/// The answers of a call's client so far. Legacy sessions are asked while the call waits; a modern call ends with
/// <c>input_required</c>, and its retry brings back a state that holds all answers and must be the same to the byte.
/// </summary>
internal sealed class Answers
{
    // What JSON writes in several ways, and what careless code trims or escapes.
    private const string Awkward = "state \u00E9\u2028 \"\\/<>&'+ 1.0 ";

    // The same in every process: a retry may come to another one than the question came from.
    private static readonly byte[] s_key = Encoding.UTF8.GetBytes("no secret, it only tells what was changed");

    private readonly Call _call;
    private readonly Dictionary<string, JsonElement> _known = new(StringComparer.Ordinal);

    private Answers(Call call) => _call = call;

    /// <summary>Reads what a retry brings; null when the call has been refused for it.</summary>
    public static async Task<Answers?> ReadAsync(Call call)
    {
        var answers = new Answers(call);
        var responses = call.Params.Get("inputResponses");
        var state = call.Params.Get("requestState");
        if (responses.ValueKind == JsonValueKind.Undefined && state.ValueKind == JsonValueKind.Undefined) return answers;
        if (state.AsText() is not { } text || Open(text) is not { } opened || opened.Get("call").AsText() != answers.Digest())
        {
            await call.FailAsync(-32602, "requestState was not returned byte for byte with the params it belongs to");
            return null;
        }

        foreach (var known in opened.Get("known").EnumerateObject()) answers._known[known.Name] = known.Value;
        foreach (var asked in opened.Get("asked").EnumerateArray())
        {
            var key = asked.GetString()!;
            if (responses.Has(key)) answers._known[key] = responses.Get(key);
        }

        return answers;
    }

    /// <summary>The answer to a question, undefined when it was not asked.</summary>
    public JsonElement this[string key] => _known.GetValueOrDefault(key);

    /// <summary>Whether the client declared a capability.</summary>
    public static bool Can(Call call, string capability)
    {
        var words = capability.Split('.');
        var own = call.Capabilities.Get(words[0]);
        if (own.ValueKind != JsonValueKind.Object) return false;

        // An empty elicitation means forms.
        return words.Length == 1 || own.Has(words[1]) || (capability == "elicitation.form" && !own.EnumerateObject().Any());
    }

    /// <summary>Asks what has not been answered.</summary>
    /// <returns>Whether all answers are there; otherwise the call has been answered.</returns>
    public Task<bool> AskAsync(params Question[] questions) => AskAsync(_call.Outlet, questions);

    /// <summary>Asks what has not been answered, in another place than the stream of the call; in the modern era there is none.</summary>
    public async Task<bool> AskAsync(IOutlet outlet, Question[] questions)
    {
        var open = questions.Where(q => !_known.ContainsKey(q.Key)).ToArray();
        if (open.Length == 0) return true;
        if (open.FirstOrDefault(q => !Can(_call, q.Capability)) is { } lacking)
        {
            await LackAsync(lacking.Capability);
            return false;
        }

        if (_call.Era.Modern)
        {
            var requests = open.Select(q => $"{Json.Text(q.Key)}:{{\"method\":\"{q.Method}\"{(q.Params is null ? "" : ",\"params\":" + q.Params)}}}");
            var result = _call.Result($"\"inputRequests\":{{{string.Join(',', requests)}}},\"requestState\":{Json.Text(Seal(open))}", type: "input_required");
            await _call.Outlet.SendAsync(_call.Answer(result), final: true);
            return false;
        }

        var answers = await Task.WhenAll(open.Select(q => _call.Peer.AskAsync(outlet, q.Method, q.Params, _call.Canceled)));
        for (var i = 0; i < open.Length; i++)
        {
            if (answers[i].Get("result").ValueKind != JsonValueKind.Object)
            {
                await _call.ReplyErrorAsync($"{open[i].Method} was refused: {answers[i].Get("error").Get("message").AsText()}");
                return false;
            }

            _known[open[i].Key] = answers[i].Get("result");
        }

        return true;
    }

    private Task LackAsync(string capability)
    {
        if (!_call.Era.Modern) return _call.ReplyErrorAsync("the client lacks the capability " + capability);
        var words = capability.Split('.');
        var required = words.Length == 1 ? $"{{\"{words[0]}\":{{}}}}" : $"{{\"{words[0]}\":{{\"{words[1]}\":{{}}}}}}";
        return _call.FailAsync(-32021, "Missing required client capability: " + capability, $"{{\"requiredCapabilities\":{required}}}", 400);
    }

    private string Seal(Question[] asked)
    {
        var known = _known.Select(k => $"{Json.Text(k.Key)}:{k.Value.GetRawText()}");
        var payload = Encoding.UTF8.GetBytes(
            $"{{\"call\":\"{Digest()}\",\"asked\":[{string.Join(',', asked.Select(q => Json.Text(q.Key)))}],\"known\":{{{string.Join(',', known)}}}}}");
        return $"{Awkward}{Convert.ToBase64String(payload)}.{Convert.ToHexString(HMACSHA256.HashData(s_key, payload))}";
    }

    private static JsonElement? Open(string state)
    {
        if (!state.StartsWith(Awkward, StringComparison.Ordinal)) return null;
        var parts = state[Awkward.Length..].Split('.');
        try
        {
            var payload = Convert.FromBase64String(parts[0]);
            return parts.Length == 2 && parts[1] == Convert.ToHexString(HMACSHA256.HashData(s_key, payload)) ? JsonElement.Parse(payload) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private string Digest()
    {
        var arguments = _call.Arguments.ValueKind == JsonValueKind.Undefined ? "" : _call.Arguments.GetRawText();
        var call = _call.Message.Method + _call.Params.Get("name").GetRawText() + arguments;
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(call)));
    }
}
