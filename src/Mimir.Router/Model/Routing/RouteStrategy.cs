namespace Mimir.Router.Model.Routing;

/// <summary>How a server comes to take a call.</summary>
public enum RouteStrategy : byte
{
    /// <summary>It has a tool of that name in its list.</summary>
    Capability,

    /// <summary>The name matches, whatever its list says: a name that it does not list is sent to it as well.</summary>
    Path,

    /// <summary>As <see cref="Capability"/>; when it cannot take the call, the servers it names do, in order.</summary>
    Fallback,
}
