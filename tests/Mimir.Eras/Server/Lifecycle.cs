namespace Mimir.Eras.Server;

/// <summary>Handshakes and subscriptions.</summary>
internal sealed class Lifecycle(Era era)
{
    /// <summary><c>initialize</c>: answers its own revision, whatever was asked for.</summary>
    public Task InitializeAsync(Call call)
    {
        call.Peer.Initialized = true;
        call.Peer.Capabilities = call.Params.Get("capabilities").Clone();
        return call.ReplyAsync(
            $"\"protocolVersion\":\"{era.Revision}\",\"capabilities\":{Capabilities()},\"serverInfo\":{call.Server.Info},"
            + $"\"instructions\":\"speaks {era.Revision}\"");
    }

    /// <summary><c>server/discover</c>.</summary>
    public Task DiscoverAsync(Call call) => call.ReplyAsync(
        $"\"supportedVersions\":[\"{era.Revision}\"],\"capabilities\":{Capabilities()},\"instructions\":\"speaks {era.Revision}\"",
        cacheable: true);

    /// <summary><c>resources/subscribe</c>.</summary>
    public static Task SubscribeAsync(Call call)
    {
        call.Peer.Subscribed[call.Params.Get("uri").AsText() ?? ""] = true;
        return call.ReplyAsync("");
    }

    /// <summary><c>resources/unsubscribe</c>.</summary>
    public static Task UnsubscribeAsync(Call call)
    {
        call.Peer.Subscribed.TryRemove(call.Params.Get("uri").AsText() ?? "", out _);
        return call.ReplyAsync("");
    }

    private string Capabilities()
    {
        var members = new List<string>
        {
            "\"tools\":{\"listChanged\":true}", "\"prompts\":{\"listChanged\":true}", "\"resources\":{\"subscribe\":true,\"listChanged\":true}", "\"logging\":{}",
        };
        if (era.From(Era.R202503)) members.Add("\"completions\":{}");
        if (era.Revision == Era.R202511) members.Add("\"tasks\":{\"list\":{},\"cancel\":{},\"requests\":{\"tools\":{\"call\":{}}}}");
        if (era.Modern) members.Add($"\"extensions\":{{\"{MetaKeys.Tasks}\":{{}}}}");
        return $"{{{string.Join(',', members)}}}";
    }
}
