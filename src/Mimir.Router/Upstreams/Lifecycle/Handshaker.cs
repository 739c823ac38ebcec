using System.Text;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>Makes the handshake of either era on a wire that is open.</summary>
internal static class Handshaker
{
    /// <summary>Negotiates; the connection is ready for calls afterwards.</summary>
    /// <exception cref="ConnectFailure">The server refuses this era, or answers nonsense.</exception>
    public static async Task RunAsync(UpstreamConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            if (connection.Order.Era == Era.Modern)
            {
                await DiscoverAsync(connection, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await InitializeAsync(connection, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (RequestFailed e)
        {
            var refused = SaysNoSuchThing(e.Error.UpstreamStatus);
            throw new ConnectFailure(e.Message, e)
            {
                NeedsAuth = e.Error.UpstreamStatus is 401 or 403,
                WrongEra = connection.Order.Era == Era.Modern && refused,
                TryOther = connection.Order.Era == Era.Legacy && refused,
                MayBeWrongEra = connection.Order.Era == Era.Legacy && refused,
            };
        }
    }

    private static async Task DiscoverAsync(UpstreamConnection connection, CancellationToken cancellationToken)
    {
        var name = connection.Server.Name;
        var exchange = new LocalExchange { Method = McpMethod.Discover };
        var answer = await connection.RequestAsync(exchange, null, cancellationToken).ConfigureAwait(false);
        using var document = JsonDocument.Parse(answer);
        if (document.RootElement.TryGetProperty("error", out var error))
        {
            ThrowIfOutage(exchange.UpstreamStatus, connection.Server, error);
            var offered = Offered(error);
            if (offered.Exists(r => r.Era == Era.Modern))
            {
                // It is modern and speaks only other modern revisions than ours would be offered: the newest common one.
                connection.Handshake = new Handshake(offered.Last(r => r.Era == Era.Modern), "{}"u8.ToArray());
                return;
            }

            throw new ConnectFailure($"Server '{name}' does not speak {Revision.LatestModern}: {Describe(connection.Server, error)}") { WrongEra = true };
        }

        if (!document.RootElement.TryGetProperty("result", out var result) || result.ValueKind != JsonValueKind.Object
            || !result.TryGetProperty("supportedVersions", out var versions) || versions.ValueKind != JsonValueKind.Array)
        {
            throw new ConnectFailure($"Server '{name}' answered server/discover with something that is no discovery.") { WrongEra = true };
        }

        var common = Revisions(versions).FindLast(r => r.Era == Era.Modern)
            ?? throw new ConnectFailure($"Server '{name}' offers no revision of the modern era that is spoken here.") { WrongEra = true };
        connection.Handshake = new Handshake(common, Encoding.UTF8.GetBytes(result.GetRawText()));
    }

    private static async Task InitializeAsync(UpstreamConnection connection, CancellationToken cancellationToken)
    {
        var order = connection.Order;
        var wanted = order.Server.Pin is { Era: Era.Legacy } pin ? pin : order.Profile.Revision;
        var exchange = new LocalExchange { Method = McpMethod.Initialize };
        var answer = await connection.RequestAsync(
            exchange,
            json =>
            {
                json.WriteString("protocolVersion"u8, wanted.Utf8Name);
                json.WritePropertyName("capabilities"u8);
                json.WriteRawValue(order.Profile.Capabilities.Span);
                json.WritePropertyName("clientInfo"u8);
                RouterIdentity.WriteInfo(json);
            },
            cancellationToken).ConfigureAwait(false);

        using var document = JsonDocument.Parse(answer);
        if (document.RootElement.TryGetProperty("error", out var error))
        {
            ThrowIfOutage(exchange.UpstreamStatus, order.Server, error);
            var code = error.TryGetProperty("code", out var c) && c.TryGetInt32(out var number) ? number : 0;
            var offered = Offered(error);
            var offersModern = offered.Exists(r => r.Era == Era.Modern) || (code == ErrorCodes.UnsupportedVersion && offered.Count == 0);
            throw new ConnectFailure($"Server '{order.Server.Name}' refused initialize: {Describe(order.Server, error)}")
            {
                WrongEra = offersModern
                    || code is ErrorCodes.UnsupportedVersion or ErrorCodes.MethodNotFound or ErrorCodes.HeaderMismatch or ErrorCodes.InvalidParams,
                OffersModern = offersModern,
                MayBeWrongEra = true,
            };
        }

        if (!document.RootElement.TryGetProperty("result", out var result) || result.ValueKind != JsonValueKind.Object
            || !result.TryGetProperty("protocolVersion", out var version) || version.ValueKind != JsonValueKind.String)
        {
            throw new ConnectFailure($"Server '{order.Server.Name}' answered initialize without a protocolVersion.") { MayBeWrongEra = true };
        }

        var revision = Revision.Find(version.GetString());
        if (revision is not { Era: Era.Legacy })
        {
            var isModern = revision is not null;
            throw new ConnectFailure($"Server '{order.Server.Name}' answered initialize with revision '{ServerText.Of(order.Server.Transport, version.GetString()!)}', which has none or is not spoken here.")
            {
                WrongEra = isModern,
                OffersModern = isModern,
                MayBeWrongEra = true,
            };
        }

        connection.Handshake = new Handshake(revision, Encoding.UTF8.GetBytes(result.GetRawText()));

        // A server may take it and never say so: over HTTP that is a POST without an answer.
        var told = connection.NotifyAsync(LocalRequests.Build(connection, McpMethod.Initialized, null, withId: false), McpMethod.Initialized);
        if (!told.IsCompletedSuccessfully)
        {
            await told.AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A status that says "no such thing here" is an answer about the era; 401, 403, 5xx and silence of a network are not.</summary>
    private static bool SaysNoSuchThing(int status) => status is 400 or 404 or 405 or 406 or 415;

    /// <summary>Gateways and guards wrap their refusals in JSON-RPC with the request's id. What they say is not said by the server.</summary>
    private static void ThrowIfOutage(int status, ServerModel server, JsonElement error)
    {
        if (status is 0 or (>= 200 and < 300) || SaysNoSuchThing(status))
        {
            return;
        }

        var hint = status is 401 or 403 ? " (it wants credentials: set them under headers)" : "";
        throw new ConnectFailure($"Server '{server.Name}' answered with HTTP {status}{hint}: {Describe(server, error)}") { NeedsAuth = status is 401 or 403 };
    }

    private static List<Revision> Offered(JsonElement error) =>
        error.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object && data.TryGetProperty("supported", out var supported)
            && supported.ValueKind == JsonValueKind.Array
            ? Revisions(supported)
            : [];

    private static List<Revision> Revisions(JsonElement names) =>
        [.. names.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => Revision.Find(v.GetString())).OfType<Revision>()
            .OrderBy(r => Revision.All.IndexOf(r))];

    private static string Describe(ServerModel server, JsonElement error)
    {
        var message = error.TryGetProperty("message", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()!
            : error.TryGetProperty("code", out var code) ? $"error {code.GetRawText()}"
            : "it gave no reason";
        return ServerText.Of(server.Transport, message);
    }
}
