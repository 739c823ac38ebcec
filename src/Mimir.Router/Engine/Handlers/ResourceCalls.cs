using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine.Handlers;

/// <summary>resources/read, subscribe and unsubscribe: routed by uri.</summary>
/// <remarks>
/// In this order: a uri that a server listed; one that names its server (<c>mimir://PREFIX/...</c>); a listed template that matches;
/// the only server that has resources; the only server whose resources share the scheme. When none of these finds it, the lists of
/// those that share the scheme are fetched again, once.
/// </remarks>
internal static class ResourceCalls
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static void Run(ref Request request, RouterEngine engine)
    {
        if (!request.Envelope.Uri.Exists)
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidParams, "params.uri is missing."));
            return;
        }

        if (TryRun(ref request, engine, request.Catalog.Refresh(), last: false))
        {
            return;
        }

        RunLater(ref request, engine);
    }

    private static void RunLater(ref Request request, RouterEngine engine) => Later.Run(ref request, kept => WaitAndRunAsync(kept, engine));

    private static async Task WaitAndRunAsync(KeptRequest kept, RouterEngine engine)
    {
        var catalog = await kept.Catalog.GetAsync(ListKind.Resources).ConfigureAwait(false);
        var request = kept.Resume();
        if (TryRun(ref request, engine, catalog, last: false))
        {
            return;
        }

        // A resource that a call has just made may be on no list yet: those who could have made it are asked again.
        var uri = Encoding.UTF8.GetString(JsonText.Decode(kept.Envelope.Uri.Of(kept.Frame)));
        catalog = await kept.Catalog.FetchAgainAsync(ListKind.Resources, [.. SharingScheme(catalog, uri)]).ConfigureAwait(false);
        request = kept.Resume();
        TryRun(ref request, engine, catalog, last: true);
    }

    private static bool TryRun(ref Request request, RouterEngine engine, MergedCatalog catalog, bool last)
    {
        var inside = request.Envelope.Uri.Of(request.Frame);
        var uri = request.Envelope.UriEscaped ? JsonText.Decode(inside) : inside;
        if (request.Envelope.Method == McpMethod.ResourcesRead && catalog[ListKind.Resources].Find(uri) is { Choice: { } choice })
        {
            Choosing.Send(ref request, engine, choice, request.Envelope.Uri);
            return true;
        }

        var slot = Find(ref request, catalog, uri, inside, out var own, out var ownUri);
        if (slot is not null)
        {
            Send(ref request, engine, slot, own, ownUri);
            return true;
        }

        if (!last)
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(uri);
        request.Refuse(new RouterError(
            request.Session is null ? ErrorCodes.InvalidParams : -32002, $"Resource not found: {text}")
        {
            Data = $"{{\"uri\":{Quote(text)}}}",
            Objection = Unlisted(ref request, catalog, uri, inside, out _, out var meant) is { } owner && request.View.Objection(owner.Pool, ListKind.Resources, meant) is { } objection
                ? objection
                : Refusals.Unoffered,
        });
        return true;
    }

    /// <param name="request">The request.</param>
    /// <param name="catalog">The lists.</param>
    /// <param name="uri">The uri, decoded.</param>
    /// <param name="inside">The uri as it stands in the frame.</param>
    /// <param name="own">The server's own form as the inside of a JSON string; empty when it is the same.</param>
    /// <param name="ownUri">The same, decoded.</param>
    private static ConnectionSlot? Find(
        scoped ref Request request, MergedCatalog catalog, ReadOnlySpan<byte> uri, ReadOnlySpan<byte> inside, out ReadOnlySpan<byte> own, out string ownUri)
    {
        own = default;
        if (catalog[ListKind.Resources].Find(uri) is { } route)
        {
            own = route.IsRenamed ? route.Raw : default;
            ownUri = route.Entry.Key;
            return route.Slot;
        }

        var slot = Unlisted(ref request, catalog, uri, inside, out own, out ownUri);

        // What was subscribed to before it was denied may be left.
        return slot is not null && (request.Envelope.Method == McpMethod.ResourcesUnsubscribe || request.View.Objection(slot.Pool, ListKind.Resources, ownUri) is null) ? slot : null;
    }

    /// <summary>Whose a uri is that nobody lists, allowed or not.</summary>
    private static ConnectionSlot? Unlisted(
        scoped ref Request request, MergedCatalog catalog, ReadOnlySpan<byte> uri, ReadOnlySpan<byte> inside, out ReadOnlySpan<byte> own, out string ownUri)
    {
        own = default;
        ownUri = Encoding.UTF8.GetString(uri);
        if (ForeignUris.TrySplit(inside, out var prefix, out var length) && request.View.ByPrefix(prefix) is { } named)
        {
            own = inside[length..];
            ownUri = Encoding.UTF8.GetString(JsonText.Decode(own));
            return request.Catalog.SlotOf(named);
        }

        if (request.View.IsSingle)
        {
            return request.Catalog.SlotOf(request.View.Pools[0]);
        }

        foreach (var template in catalog[ListKind.Templates].Routes)
        {
            if (!template.IsRenamed && UriTemplates.Matches(template.Entry.Key, ownUri))
            {
                return template.Slot;
            }
        }

        return SoleOwner(catalog, ownUri);
    }

    /// <summary>A uri nobody listed, for instance a link in a tool's result, goes to the one server it can be of.</summary>
    private static ConnectionSlot? SoleOwner(MergedCatalog catalog, string uri)
    {
        var servers = catalog[ListKind.Resources].Routes.Concat(catalog[ListKind.Templates].Routes).Select(r => r.Slot).Distinct().Take(2).ToList();
        if (servers.Count == 1)
        {
            return servers[0];
        }

        var sharing = SharingScheme(catalog, uri).Take(2).ToList();
        return sharing.Count == 1 ? sharing[0] : null;
    }

    private static IEnumerable<ConnectionSlot> SharingScheme(MergedCatalog catalog, string uri)
    {
        var colon = uri.IndexOf(':', StringComparison.Ordinal);
        var scheme = uri[..(colon + 1)];
        return catalog[ListKind.Resources].Routes.Concat(catalog[ListKind.Templates].Routes)
            .Where(r => scheme.Length > 0 && r.Entry.Key.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            .Select(r => r.Slot).Distinct();
    }

    private static void Send(ref Request request, RouterEngine engine, ConnectionSlot slot, scoped ReadOnlySpan<byte> own, string ownUri)
    {
        if (request.Session is { } session && request.Envelope.Method != McpMethod.ResourcesRead)
        {
            var key = Subscriptions.Key(slot.Pool, ownUri);
            if (request.Envelope.Method == McpMethod.ResourcesSubscribe)
            {
                session.Subscribe(key, Encoding.UTF8.GetString(JsonText.Decode(request.Envelope.Uri.Of(request.Frame))));
            }
            else
            {
                session.Unsubscribe(key);
                if (slot.Era == Era.Legacy && slot.Owner is null && engine.Sessions.Any(s => s != session && s.IsSubscribed(key, out _) && s.Catalog?.SlotOf(slot.Pool) == slot))
                {
                    // Others on the same connection still want it.
                    request.Answer("{}"u8);
                    return;
                }
            }

            if (slot.Era == Era.Modern)
            {
                SubscribeLater(ref request, engine, slot);
                return;
            }
        }

        Forwarding.Send(
            ref request,
            engine,
            slot,
            own.IsEmpty ? default : request.Envelope.Uri,
            own,
            contentPrefix: own.IsEmpty ? null : ForeignUris.PrefixOf(slot.Pool.Model.Tag));
    }

    /// <summary>A modern server is told by the one stream that the router keeps there. The client may rely on news from the answer on.</summary>
    private static void SubscribeLater(ref Request request, RouterEngine engine, ConnectionSlot slot) => Later.Run(ref request, async kept =>
    {
        try
        {
            if (await WaitingCalls.TryAsync(kept, engine, slot.Pool, () => AttendedAsync(engine, slot)).ConfigureAwait(false) is not null)
            {
                kept.Resume().Answer("{}"u8);
            }
        }
        catch (ConnectFailure e)
        {
            kept.Resume().Refuse(Forwarding.Unavailable(slot.Pool, e));
        }
    });

    private static async Task<UpstreamConnection> AttendedAsync(RouterEngine engine, ConnectionSlot slot)
    {
        var connection = await slot.OpenAsync().ConfigureAwait(false);
        await Task.WhenAny(engine.Attendances.Attend(slot.Pool), Task.Delay(Patience, engine.Clock.Time)).ConfigureAwait(false);
        return connection;
    }

    private static string Quote(string text) => "\"" + System.Text.Json.JsonEncodedText.Encode(text).Value + "\"";
}
