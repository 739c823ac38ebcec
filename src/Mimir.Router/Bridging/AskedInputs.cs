using System.Buffers;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Mimir.Router.State;

namespace Mimir.Router.Bridging;

/// <summary>What a task at a modern server asked so far, and was answered by a legacy client: each thing once, whatever the task repeats.</summary>
/// <param name="client">Who is asked.</param>
/// <param name="call">On whose behalf; the questions end with it.</param>
/// <param name="push">Brings a question on the call's own stream; false when that is not to be had.</param>
internal sealed class AskedInputs(IAskedClient client, Exchange call, Func<byte[], bool> push)
{
    private const int MostKeys = 1024;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Asks the client, all at once, what it was not asked yet.</summary>
    /// <param name="requests">The JSON object of requests by their keys.</param>
    /// <param name="cancellationToken">Takes the questions back.</param>
    /// <returns>The JSON object of its answers, null when there was nothing new; or why there are none, for people.</returns>
    public async Task<(byte[]? Answers, string? Failure)> AskAsync(byte[] requests, CancellationToken cancellationToken)
    {
        byte[] demand = [.. "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"resultType\":\"input_required\",\"inputRequests\":"u8, .. requests, .. "}}"u8];
        var all = new List<InputRequest>();
        if (EnvelopeScanner.Scan(demand, EnvelopeScanner.MostDepth, out var envelope) != ScanStatus.Ok
            || InputRequests.Read(demand, envelope, all, out _) != InputReading.Ok)
        {
            return (null, "The task asks for input in a form that is not understood here.");
        }

        var fresh = all.Where(r => _asked.Count < MostKeys && _asked.Add(Encoding.UTF8.GetString(JsonText.Decode(r.Key.Of(demand))))).ToList();
        foreach (var request in fresh)
        {
            if (client.Profile.Lacks(InputRequests.NeedOf(demand, request)) is { } capability)
            {
                return (null, $"The task asks for what this client cannot answer: it would have to declare the capability {capability}.");
            }
        }

        var waiting = fresh.Select(r => client.AskAsync(
            call, number => Questions.RequestOf(demand, r, number, client.Profile.Revision), push, cancellationToken)).ToList();
        var output = new ArrayBufferWriter<byte>(256);
        for (var i = 0; i < waiting.Count; i++)
        {
            var answer = await waiting[i].ConfigureAwait(false);
            if (answer is null || EnvelopeScanner.Scan(answer, EnvelopeScanner.MostDepth, out var said) != ScanStatus.Ok || said.Kind != FrameKind.Response)
            {
                return (null, answer is null ? "The client cannot be asked now." : "The client refused to answer: " + ErrorText.Of(answer));
            }

            output.Write(i == 0 ? "{\""u8 : ",\""u8);
            output.Write(fresh[i].Key.Of(demand));
            output.Write("\":"u8);
            output.Write(said.Result.Of(answer));
        }

        if (fresh.Count == 0)
        {
            return (null, null);
        }

        output.Write("}"u8);
        return (output.WrittenSpan.ToArray(), null);
    }
}
