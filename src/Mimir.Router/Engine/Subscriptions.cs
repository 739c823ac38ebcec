using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>How a subscribed resource is named inside the house.</summary>
internal static class Subscriptions
{
    public static string Key(ServerPool pool, string uri) => pool.Model.Name + "\n" + uri;
}
