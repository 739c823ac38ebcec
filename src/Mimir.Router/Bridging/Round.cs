using System.Buffers;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;

namespace Mimir.Router.Bridging;

/// <summary>One round of questions of a modern server to a legacy client.</summary>
internal static class Round
{
    /// <summary>Asks the client everything at once.</summary>
    /// <param name="call">The call it is about.</param>
    /// <param name="client">Who is asked.</param>
    /// <param name="bridge">Says how long.</param>
    /// <param name="demand">The answer that asks.</param>
    /// <param name="requests">What it asks.</param>
    /// <param name="push">Brings a question on the call's own stream.</param>
    /// <param name="stop">The client gave the call up.</param>
    /// <returns>The JSON object of its answers; null with the reason, for people, when there are none.</returns>
    /// <exception cref="OperationCanceledException">It did not answer in time, or gave up.</exception>
    public static async Task<(byte[]? Answers, string? Why)> AskAsync(
        CrossingCall call, IAskedClient client, Bridge bridge, byte[] demand, List<InputRequest> requests, Func<byte[], bool> push, CancellationToken stop)
    {
        foreach (var request in requests)
        {
            if (client.Profile.Lacks(InputRequests.NeedOf(demand, request)) is { } capability)
            {
                return (null, $"The server asks for what this client cannot answer: it would have to declare the capability {capability}.");
            }
        }

        using var limit = new CancellationTokenSource(bridge.Limits.ParkTimeout, bridge.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        var asked = requests.Select(r => client.AskAsync(
            call, number => Questions.RequestOf(demand, r, number, client.Profile.Revision), push, both.Token)).ToList();
        var output = new ArrayBufferWriter<byte>(256);
        output.Write("{"u8);
        for (var i = 0; i < asked.Count; i++)
        {
            var answer = await asked[i].ConfigureAwait(false);
            if (answer is null || EnvelopeScanner.Scan(answer, EnvelopeScanner.MostDepth, out var envelope) != ScanStatus.Ok || envelope.Kind != FrameKind.Response)
            {
                await both.CancelAsync().ConfigureAwait(false);
                return (null, answer is null ? "The client cannot be asked now." : "The client refused to answer: " + ErrorText.Of(answer));
            }

            output.Write(i == 0 ? "\""u8 : ",\""u8);
            output.Write(requests[i].Key.Of(demand));
            output.Write("\":"u8);
            output.Write(envelope.Result.Of(answer));
        }

        output.Write("}"u8);
        return (output.WrittenSpan.ToArray(), null);
    }
}
