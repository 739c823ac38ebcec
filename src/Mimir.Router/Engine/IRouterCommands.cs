namespace Mimir.Router.Engine;

/// <summary>What can be changed while the router runs. Thread-safe.</summary>
public interface IRouterCommands
{
    /// <summary>Starts a server now, whatever kept it from starting: that it was stopped or set aside, that it failed, or that its next attempt is not due.</summary>
    /// <param name="server">Its name.</param>
    /// <returns>Completes when it is ready or has failed; false when there is no such server.</returns>
    Task<bool> StartAsync(string server);

    /// <summary>Stops a server: calls that are open have a while to end, new ones are refused until it is started again.</summary>
    /// <param name="server">Its name.</param>
    /// <returns>Completes when it has stopped; false when there is no such server.</returns>
    Task<bool> StopAsync(string server);

    /// <summary>Stops a server and starts it again.</summary>
    /// <param name="server">Its name.</param>
    /// <returns>Completes when it is ready or has failed; false when there is no such server.</returns>
    Task<bool> RestartAsync(string server);

    /// <summary>Sets a server aside: nothing reaches it until it is started again.</summary>
    /// <param name="server">Its name.</param>
    /// <param name="reason">Why, for people: callers are told. No secrets.</param>
    /// <returns>Completes when nothing of it is open any more; false when there is no such server.</returns>
    Task<bool> QuarantineAsync(string server, string reason);
}
