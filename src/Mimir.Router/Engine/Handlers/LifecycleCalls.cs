using System.Buffers;
using System.Text;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.Sessions;
using Mimir.Router.State;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Engine.Handlers;

/// <summary>initialize and server/discover, answered by the router for all servers behind the view.</summary>
internal static class LifecycleCalls
{
    private const int MostInstructions = 16 * 1024;

    /// <summary>Opens a legacy session. Waits for no server.</summary>
    public static void Initialize(ref Request request, RouterEngine engine)
    {
        var session = request.Session!;
        if (!request.Envelope.ProtocolVersion.Exists)
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidParams, "params.protocolVersion is missing."));
            return;
        }

        if (session.IsInitialized)
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidRequest, "This session is initialized already."));
            return;
        }

        var asked = Revision.Find(request.Envelope.ProtocolVersion.Of(request.Frame));
        var revision = asked is { Era: Era.Legacy } ? asked : Revision.LatestLegacy;
        var capabilities = request.Envelope.Capabilities.Exists ? request.Envelope.Capabilities.Of(request.Frame) : default;
        try
        {
            session.Profile = ClientProfile.Create(revision, capabilities);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidParams, "params.capabilities is not valid: " + e.Message));
            return;
        }

        var catalog = engine.LegacyCatalog(session);
        var output = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("protocolVersion"u8, revision.Utf8Name);
            json.WritePropertyName("capabilities"u8);
            WriteCapabilities(json, catalog, revision);
            json.WritePropertyName("serverInfo"u8);
            RouterIdentity.WriteInfo(json);
            WriteInstructions(json, catalog);
            json.WriteEndObject();
        }

        session.Catalog = catalog;
        request.Answer(output.WrittenSpan);
    }

    /// <summary>Describes the router to a modern client, after the grace at most.</summary>
    public static void Discover(ref Request request)
    {
        var pending = request.Catalog.GetAsync(ListKind.Tools);
        if (pending.IsCompletedSuccessfully)
        {
            request.Answer(Discovery(request.Catalog));
            return;
        }

        DiscoverLater(ref request, pending);
    }

    private static void DiscoverLater(ref Request request, ValueTask<MergedCatalog> pending) => Later.Run(ref request, async kept =>
    {
        await pending.ConfigureAwait(false);
        kept.Resume().Answer(Discovery(kept.Catalog));
    });

    private static ReadOnlySpan<byte> Discovery(ClientCatalog catalog)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("resultType"u8, "complete"u8);
            json.WriteStartArray("supportedVersions"u8);
            foreach (var revision in Revision.All)
            {
                if (revision.Era == Era.Modern)
                {
                    json.WriteStringValue(revision.Utf8Name);
                }
            }

            json.WriteEndArray();
            json.WritePropertyName("capabilities"u8);
            WriteCapabilities(json, catalog, Revision.LatestModern);
            WriteInstructions(json, catalog);
            json.WriteNumber("ttlMs"u8, 0);
            json.WriteString("cacheScope"u8, "private"u8);
            json.WriteStartObject("_meta"u8);
            json.WritePropertyName(MetaKeys.ServerInfo);
            RouterIdentity.WriteInfo(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return output.WrittenSpan;
    }

    private static void WriteCapabilities(Utf8JsonWriter json, ClientCatalog catalog, Revision revision)
    {
        json.WriteStartObject();
        WriteFlags(json, "tools"u8, "listChanged"u8);
        WriteFlags(json, "prompts"u8, "listChanged"u8);
        WriteFlags(json, "resources"u8, "subscribe"u8, "listChanged"u8);
        WriteFlags(json, "completions"u8);
        if (revision.Era == Era.Legacy)
        {
            WriteFlags(json, "logging"u8);
        }

        if (revision.HasCoreTasks)
        {
            json.WriteStartObject("tasks"u8);
            WriteFlags(json, "list"u8);
            WriteFlags(json, "cancel"u8);
            json.WriteStartObject("requests"u8);
            json.WriteStartObject("tools"u8);
            WriteFlags(json, "call"u8);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        WriteUnion(json, catalog, "experimental");
        WriteUnion(json, catalog, "extensions");
        json.WriteEndObject();
    }

    private static void WriteFlags(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> first = default, ReadOnlySpan<byte> second = default)
    {
        json.WriteStartObject(name);
        if (!first.IsEmpty)
        {
            json.WriteBoolean(first, true);
        }

        if (!second.IsEmpty)
        {
            json.WriteBoolean(second, true);
        }

        json.WriteEndObject();
    }

    /// <summary>What the servers that are open now declare beyond the core, each key from the first server that has it.</summary>
    private static void WriteUnion(Utf8JsonWriter json, ClientCatalog catalog, string member)
    {
        Dictionary<string, JsonElement>? union = null;
        foreach (var connection in Open(catalog))
        {
            if (connection.Handshake.Capabilities is { ValueKind: JsonValueKind.Object } capabilities
                && capabilities.TryGetProperty(member, out var found) && found.ValueKind == JsonValueKind.Object)
            {
                foreach (var entry in found.EnumerateObject())
                {
                    (union ??= new(StringComparer.Ordinal)).TryAdd(entry.Name, entry.Value);
                }
            }
        }

        if (union is null)
        {
            return;
        }

        json.WriteStartObject(member);
        foreach (var (name, value) in union)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static void WriteInstructions(Utf8JsonWriter json, ClientCatalog catalog)
    {
        var text = new StringBuilder();
        foreach (var connection in Open(catalog))
        {
            if (connection.Handshake.Instructions is not { Length: > 0 } instructions)
            {
                continue;
            }

            if (!catalog.View.IsSingle)
            {
                text.Append("# ").Append(connection.Server.Name).Append(" (").Append(connection.Server.Prefix).Append(")\n\n");
            }

            text.Append(instructions).Append(catalog.View.IsSingle ? "" : "\n\n");
        }

        if (text.Length > 0)
        {
            json.WriteString("instructions"u8, text.Length > MostInstructions ? text.ToString(0, MostInstructions) : text.ToString().TrimEnd('\n'));
        }
    }

    private static IEnumerable<UpstreamConnection> Open(ClientCatalog catalog) =>
        catalog.View.Pools.Select(p => catalog.SlotOf(p).Live).OfType<UpstreamConnection>();
}
