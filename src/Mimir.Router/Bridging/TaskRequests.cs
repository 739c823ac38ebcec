using System.Buffers;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Translation;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Bridging;

/// <summary>What the router asks servers about tasks on behalf of its clients.</summary>
internal static class TaskRequests
{
    /// <summary>Asks a server.</summary>
    /// <param name="connection">The server, of either era.</param>
    /// <param name="client">The client, when the server is modern: it is told of each request's client anew.</param>
    /// <param name="method">What.</param>
    /// <param name="taskId">The server's id of the task, inside of a JSON string.</param>
    /// <param name="responses">The JSON object of answers to what the task asked; empty for none.</param>
    /// <param name="cancellationToken">Withdraws it.</param>
    /// <returns>The whole answer: a result or an error.</returns>
    /// <exception cref="RequestFailed">No answer.</exception>
    public static async Task<byte[]> AskAsync(
        UpstreamConnection connection, IAskedClient? client, McpMethod method, ReadOnlyMemory<byte> taskId, ReadOnlyMemory<byte> responses,
        CancellationToken cancellationToken)
    {
        var exchange = new LocalExchange { Method = method };
        Send(connection, exchange, Build(connection, client, method, taskId.Span, responses.Span));
        await using (cancellationToken.UnsafeRegister(
            static state => ((LocalExchange)state!).Withdraw("\"no longer needed\""u8), exchange).ConfigureAwait(false))
        {
            return await exchange.Answered.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Cancels a task that nobody waits for any more. Best effort; never throws.</summary>
    public static void Cancel(UpstreamConnection connection, IAskedClient? client, byte[] taskId)
    {
        var exchange = new LocalExchange { Method = McpMethod.TasksCancel };
        _ = exchange.Answered.ContinueWith(static done => done.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Send(connection, exchange, Build(connection, client, McpMethod.TasksCancel, taskId, default));
    }

    private static void Send(UpstreamConnection connection, LocalExchange exchange, ReadOnlySpan<byte> frame)
    {
        if (EnvelopeScanner.Scan(frame, EnvelopeScanner.MostDepth, out var envelope) != ScanStatus.Ok)
        {
            exchange.Refuse(exchange.Generation, new RouterError(ErrorCodes.InternalError, "The request about the task cannot be said."));
            return;
        }

        exchange.CallerId.Set("0"u8);
        connection.Call(exchange, exchange.Generation, frame, envelope, default);
    }

    private static ReadOnlySpan<byte> Build(
        UpstreamConnection connection, IAskedClient? client, McpMethod method, ReadOnlySpan<byte> taskId, ReadOnlySpan<byte> responses)
    {
        byte[] frame =
        [
            .. "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\""u8, .. McpMethods.Utf8NameOf(method), .. "\",\"params\":{\"taskId\":\""u8, .. taskId, .. "\"}}"u8,
        ];
        if (client is null || EnvelopeScanner.Scan(frame, EnvelopeScanner.MostDepth, out var envelope) != ScanStatus.Ok)
        {
            return frame;
        }

        var output = new ArrayBufferWriter<byte>(512);
        var stamp = new Stamp
        {
            ProtocolVersion = connection.Handshake.Revision.Utf8Name,
            ClientCapabilities = client.Profile.ModernWithTasks.Span,
            ClientInfo = client.Info.Span,
            InputResponses = responses,
        };
        LegacyRequest.ToModern(frame, envelope, output, stamp);
        return output.WrittenSpan;
    }
}
