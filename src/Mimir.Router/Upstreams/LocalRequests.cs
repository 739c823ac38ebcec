using System.Buffers;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Translation;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Upstreams;

/// <summary>Requests the router makes itself on a connection.</summary>
public static class LocalRequests
{
    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="connection">Where to.</param>
    /// <param name="method">What.</param>
    /// <param name="writeParams">Writes members into <c>params</c>, or null. Modern <c>_meta</c> is added by itself.</param>
    /// <param name="cancellationToken">Withdraws it.</param>
    /// <returns>The whole answer: a result or an error.</returns>
    /// <exception cref="RequestFailed">No answer.</exception>
    public static Task<byte[]> RequestAsync(
        this UpstreamConnection connection, McpMethod method, Action<Utf8JsonWriter>? writeParams, CancellationToken cancellationToken) =>
        connection.RequestAsync(new LocalExchange { Method = method }, writeParams, cancellationToken);

    /// <summary>As <see cref="RequestAsync(UpstreamConnection, McpMethod, Action{Utf8JsonWriter}?, CancellationToken)"/>, for callers that look at the exchange afterwards.</summary>
    /// <param name="connection">Where to.</param>
    /// <param name="exchange">Holds the method; new, and not used again.</param>
    /// <param name="writeParams">Writes members into <c>params</c>, or null.</param>
    /// <param name="cancellationToken">Withdraws it.</param>
    public static async Task<byte[]> RequestAsync(
        this UpstreamConnection connection, LocalExchange exchange, Action<Utf8JsonWriter>? writeParams, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(exchange);
        Send(connection, exchange, exchange.Method, writeParams);
        await using (cancellationToken.UnsafeRegister(
            static state => ((LocalExchange)state!).Withdraw("\"no longer needed\""u8), exchange).ConfigureAwait(false))
        {
            return await exchange.Answered.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a request whose end the caller watches through the exchange.</summary>
    /// <param name="connection">Where to.</param>
    /// <param name="exchange">Watches it.</param>
    /// <param name="method">What.</param>
    /// <param name="writeParams">Writes members into <c>params</c>, or null.</param>
    /// <param name="withTasks">True for what a modern server takes from clients with the extension for tasks only.</param>
    public static void Send(
        UpstreamConnection connection, LocalExchange exchange, McpMethod method, Action<Utf8JsonWriter>? writeParams, bool withTasks = false)
    {
        var frame = Build(connection, method, writeParams, withId: true, withTasks);
        EnvelopeScanner.Scan(frame, 64, out var envelope);
        exchange.CallerId.Set("1"u8);
        connection.Call(exchange, exchange.Generation, frame, envelope, default);
    }

    /// <summary>Builds a message of the router's own.</summary>
    public static byte[] Build(UpstreamConnection connection, McpMethod method, Action<Utf8JsonWriter>? writeParams, bool withId, bool withTasks = false)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc"u8, "2.0"u8);
            if (withId)
            {
                json.WriteNumber("id"u8, 1);
            }

            json.WriteString("method"u8, McpMethods.Utf8NameOf(method));
            var modern = connection.Order.Era == Era.Modern && withId;
            if (modern || writeParams is not null)
            {
                json.WriteStartObject("params"u8);
                writeParams?.Invoke(json);
                if (modern)
                {
                    WriteMeta(json, connection.Handshake.Revision.Era == Era.Modern ? connection.Handshake.Revision : Revision.LatestModern, withTasks);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static void WriteMeta(Utf8JsonWriter json, Revision revision, bool withTasks)
    {
        json.WriteStartObject("_meta"u8);
        json.WriteString(MetaKeys.ProtocolVersion, revision.Utf8Name);
        json.WritePropertyName(MetaKeys.ClientInfo);
        RouterIdentity.WriteInfo(json);
        json.WritePropertyName(MetaKeys.ClientCapabilities);
        json.WriteRawValue(withTasks ? ClientCapabilities.WithTasks(default) : "{}"u8);
        json.WriteEndObject();
    }
}
