using System.Buffers;
using System.Text;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.Sessions;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>initialize and server/discover, answered by the router for all servers behind the view.</summary>
internal static class LifecycleCalls
{
    private const int MostInstructions = 16 * 1024;

    private static ReadOnlySpan<byte> Offered =>
        """{"tools":{"listChanged":true},"prompts":{"listChanged":true},"resources":{"subscribe":true,"listChanged":true},"completions":{},"logging":{}"""u8;

    private static ReadOnlySpan<byte> OfferedWithTasks =>
        """{"tools":{"listChanged":true},"prompts":{"listChanged":true},"resources":{"subscribe":true,"listChanged":true},"completions":{},"logging":{},"tasks":{"list":{},"cancel":{},"requests":{"tools":{"call":{}}}}"""u8;

    private static readonly byte[] ModernVersions = ListModernVersions();

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

        session.Info = ClientInfo.Of(request.Frame, request.Envelope);
        var catalog = engine.LegacyCatalog(session);
        byte[] answer =
        [
            .. "{\"protocolVersion\":\""u8, .. revision.Utf8Name, .. "\",\"capabilities\":"u8, .. Core(revision, catalog), .. Union(catalog),
            .. "},\"serverInfo\":"u8, .. engine.Info, .. Instructions(catalog), (byte)'}',
        ];
        engine.Admit(session, catalog);
        request.Answer(answer);
    }

    /// <summary>Describes the router to a modern client, after the grace at most: what servers say of themselves is part of it, their lists are not.</summary>
    public static void Discover(ref Request request, RouterEngine engine)
    {
        var pending = request.Catalog.MeetAsync();
        if (pending.IsCompletedSuccessfully)
        {
            request.Answer(Discovery(request.Catalog, engine));
            return;
        }

        DiscoverLater(ref request, engine, pending);
    }

    private static void DiscoverLater(ref Request request, RouterEngine engine, ValueTask pending) => Later.Run(ref request, async kept =>
    {
        await pending.ConfigureAwait(false);
        kept.Resume().Answer(Discovery(kept.Catalog, engine));
    });

    private static ReadOnlySpan<byte> Discovery(ClientCatalog catalog, RouterEngine engine) =>
        (byte[])[
            .. """{"resultType":"complete","supportedVersions":["""u8, .. ModernVersions, .. "],\"capabilities\":"u8,
            .. Core(Revision.LatestModern, catalog), .. Union(catalog), (byte)'}', .. Instructions(catalog),
            .. ",\"ttlMs\":0,\"cacheScope\":\"private\",\"_meta\":{\""u8, .. MetaKeys.ServerInfo, .. "\":"u8, .. engine.Info, .. "}}"u8,
        ];

    /// <summary>What <c>capabilities</c> holds whatever the servers are; its end is left open.</summary>
    /// <remarks>Whole texts instead of a JSON writer: they answer the first message after exec, and a writer takes as long to load as all else.</remarks>
    private static ReadOnlySpan<byte> Core(Revision revision, ClientCatalog catalog) => revision switch
    {
        { HasCoreTasks: true } when MayRunTasks(catalog) => OfferedWithTasks,
        _ => Offered,
    };

    /// <summary>Whether a server has tasks, in the words of either era, or may have them for all that is known.</summary>
    private static bool MayRunTasks(ClientCatalog catalog)
    {
        foreach (var pool in catalog.View.Pools)
        {
            if (HandshakeOf(catalog, pool) is not { } handshake || (handshake.Revision.Era == Era.Modern ? handshake.HasTaskExtension : handshake.RunsTasks))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What the servers declare beyond the core, as far as known, each key from the first server that has it.</summary>
    private static ReadOnlySpan<byte> Union(ClientCatalog catalog)
    {
        foreach (var pool in Known(catalog))
        {
            if (HandshakeOf(catalog, pool)!.Capabilities is { ValueKind: JsonValueKind.Object })
            {
                return WriteUnion(catalog);
            }
        }

        return default;
    }

    private static ReadOnlySpan<byte> WriteUnion(ClientCatalog catalog)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            WriteUnion(json, catalog, "experimental");
            WriteUnion(json, catalog, "extensions");
            json.WriteEndObject();
        }

        return Continued(output.WrittenSpan);
    }

    /// <summary>The members of an object, to be written after others; nothing when it is empty.</summary>
    private static ReadOnlySpan<byte> Continued(ReadOnlySpan<byte> json) =>
        json.Length <= 2 ? default : (byte[])[(byte)',', .. json[1..^1]];

    private static void WriteUnion(Utf8JsonWriter json, ClientCatalog catalog, string member)
    {
        Dictionary<string, JsonElement>? union = null;
        foreach (var pool in Known(catalog))
        {
            if (HandshakeOf(catalog, pool)!.Capabilities is { ValueKind: JsonValueKind.Object } capabilities
                && capabilities.TryGetProperty(member, out var found) && found.ValueKind == JsonValueKind.Object)
            {
                foreach (var entry in found.EnumerateObject())
                {
                    if (entry.NameEquals(Handshake.TaskExtension) && catalog.Era == Era.Legacy)
                    {
                        // Legacy clients know tasks of their own kind.
                        continue;
                    }

                    (union ??= new(StringComparer.Ordinal)).TryAdd(entry.Name, entry.Value);
                }
            }
        }

        var addsTasks = member == "extensions" && catalog.Era == Era.Modern && union?.ContainsKey(Handshake.TaskExtension) != true
            && Known(catalog).Exists(p => HandshakeOf(catalog, p)! is { Revision.Era: Era.Legacy, RunsTasks: true });
        if (union is null && !addsTasks)
        {
            return;
        }

        json.WriteStartObject(member);
        foreach (var (name, value) in union ?? [])
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        if (addsTasks)
        {
            json.WriteStartObject(Handshake.TaskExtension);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> Instructions(ClientCatalog catalog)
    {
        var text = new StringBuilder();
        foreach (var pool in Known(catalog))
        {
            if (HandshakeOf(catalog, pool)!.Instructions is not { Length: > 0 } instructions)
            {
                continue;
            }

            if (!catalog.View.IsSingle)
            {
                text.Append("# ").Append(pool.Model.Name).Append(" (").Append(pool.Model.Prefix).Append(")\n\n");
            }

            text.Append(instructions).Append(catalog.View.IsSingle ? "" : "\n\n");
        }

        return text.Length == 0
            ? default
            : WriteInstructions(text.Length > MostInstructions ? text.ToString(0, MostInstructions) : text.ToString().TrimEnd('\n'));
    }

    private static ReadOnlySpan<byte> WriteInstructions(string text) =>
        (byte[])[.. ",\"instructions\":\""u8, .. JsonEncodedText.Encode(text).EncodedUtf8Bytes, (byte)'"'];

    /// <summary>The servers of which it is known what they say of themselves. None is waited for: the rest say it to the next client.</summary>
    private static List<ServerPool> Known(ClientCatalog catalog)
    {
        var known = new List<ServerPool>();
        foreach (var pool in catalog.View.Pools)
        {
            if (HandshakeOf(catalog, pool) is not null)
            {
                known.Add(pool);
            }
        }

        return known;
    }

    private static Handshake? HandshakeOf(ClientCatalog catalog, ServerPool pool) =>
        catalog.SlotOf(pool).Live?.Handshake ?? pool.LastHandshake(pool.EraFor(catalog.Era));

    private static byte[] ListModernVersions()
    {
        var names = new List<byte>();
        foreach (var revision in Revision.All)
        {
            if (revision.Era == Era.Modern)
            {
                names.AddRange([.. names.Count == 0 ? "\""u8 : ",\""u8, .. revision.Utf8Name, (byte)'"']);
            }
        }

        return [.. names];
    }
}
