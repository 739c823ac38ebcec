using System.Text.Json;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.State.Health;

namespace Mimir.Management.Views;

/// <summary>Servers, in the words of the tools that tell of them. What may be secret (headers, environment, arguments, user names and queries of addresses) is never written.</summary>
public static class BackendJson
{
    private const int MostError = 2000;

    /// <summary>
    /// Writes <c>{"name","url","namespace","priority","healthy","circuit_state","error_count","is_managed","is_running"}</c>.
    /// </summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="server">The server.</param>
    public static void WriteListed(Utf8JsonWriter writer, ServerSnapshot server)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(server);
        writer.WriteStartObject();
        writer.WriteString("name", server.Name);
        writer.WriteString("url", AddressOf(server.Model.Transport));
        writer.WriteString("namespace", server.Model.Prefix);
        writer.WriteNumber("priority", server.Model.Priority);
        WriteHealth(writer, server.Health);
        writer.WriteBoolean("is_managed", server.Model.Transport is StdioModel);
        writer.WriteBoolean("is_running", server.Status is UpstreamStatus.Ready or UpstreamStatus.Degraded or UpstreamStatus.Draining);
        writer.WriteEndObject();
    }

    /// <summary>Writes <c>{"name","healthy","circuit_state","error_count","last_error"}</c>.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="server">The server.</param>
    public static void WriteHealth(Utf8JsonWriter writer, ServerSnapshot server)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(server);
        writer.WriteStartObject();
        writer.WriteString("name", server.Name);
        WriteHealth(writer, server.Health);
        writer.WriteString("last_error", LastErrorOf(server));
        writer.WriteEndObject();
    }

    /// <summary>A breaker's state: <c>CLOSED</c>, <c>OPEN</c> or <c>HALF_OPEN</c>.</summary>
    public static string Word(BreakerState state) => state switch
    {
        BreakerState.Open => "OPEN",
        BreakerState.HalfOpen => "HALF_OPEN",
        _ => "CLOSED",
    };

    private static void WriteHealth(Utf8JsonWriter writer, HealthSnapshot health)
    {
        writer.WriteBoolean("healthy", health.IsHealthy);
        writer.WriteString("circuit_state", Word(health.Breaker));
        writer.WriteNumber("error_count", health.Failures);
    }

    private static string? AddressOf(TransportModel transport) =>
        transport is HttpModel http ? http.Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : null;

    private static string? LastErrorOf(ServerSnapshot server)
    {
        var text = server.Health.LastFailure.Length > 0 ? server.Health.LastFailure
            : server.Error.Length > 0 ? server.Error
            : server.Health.Objection;
        return text.Length == 0 ? null : text.Length > MostError ? text[..MostError] : text;
    }
}
