using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Binding;

/// <summary>Reads one server.</summary>
internal static class ServerBinder
{
    /// <summary>Binds.</summary>
    /// <param name="entry">Its name and entry.</param>
    /// <param name="expander">Replaces variables.</param>
    /// <param name="secrets">Where secrets are.</param>
    /// <param name="issues">Told what is wrong.</param>
    public static ServerConfig Bind(ConfigMember entry, Expander expander, SecretLookup secrets, IssueList issues)
    {
        var server = new ServerConfig(entry.Name, entry);
        expander = expander.For(entry.Name);
        var members = KnownMembers.Of(entry.Value, ServerKeys.Table, issues);
        var strict = new ValueReader(issues, expander, mayLack: false);
        foreach (var (spec, node) in members)
        {
            server = spec.Name switch
            {
                "enabled" => server with { Enabled = strict.Flag(spec, node) },
                "disabled" => server with { Disabled = strict.Flag(spec, node) },
                _ => server,
            };
        }

        // A server is often switched off because its token is not there.
        var values = server.IsOn ? strict : new ValueReader(issues, expander, mayLack: true);
        foreach (var (spec, node) in members)
        {
            server = spec.Name switch
            {
                "command" => server with { Command = values.Text(spec, node) },
                "args" => server with { Arguments = values.TextList(spec, node) },
                "env" => server with { Environment = values.TextMap(spec, node) },
                "credentialRefs" => server with { CredentialRefs = values.TextList(spec, node) },
                "cwd" => server with { WorkingDirectory = values.Text(spec, node) },
                "app" => server with { App = values.Text(spec, node) },
                "url" => server with { Url = values.Text(spec, node) },
                "headers" => server with { Headers = values.TextMap(spec, node) },
                "type" => server with { Type = values.Choice(spec, node) },
                "quarantine" => server with { Quarantine = values.Text(spec, node) },
                "prefix" => server with { Prefix = values.Text(spec, node) },
                "protocol" => server with { Protocol = values.Choice(spec, node) },
                "startupTimeout" => server with { StartupTimeout = values.Duration(spec, node) },
                "callTimeout" => server with { CallTimeout = values.Duration(spec, node) },
                "autostart" => server with { Autostart = values.Flag(spec, node) },
                "idleTimeout" => server with { IdleTimeout = values.Duration(spec, node) },
                "maxStarts" => server with { MaxStarts = values.Count(spec, node) },
                "resend" => server with { Resend = values.Choice(spec, node) },
                "cluster" => server with { Cluster = values.Text(spec, node) },
                "priority" => server with { Priority = values.Count(spec, node) },
                "routes" => server with { Routes = RoutingBinder.Routes(spec, node, values, issues) },
                "healthCheck" => server with { Health = RoutingBinder.Health(node, values, issues) },
                "circuitBreaker" => server with { Breaker = RoutingBinder.Breaker(node, values, issues) },
                "attemptTimeout" => server with { AttemptTimeout = values.Duration(spec, node) },
                "idempotent" => server with { Idempotent = values.TextList(spec, node) },
                "maxConcurrent" => server with { MaxConcurrent = values.Count(spec, node) },
                "maxQueued" => server with { MaxQueued = values.Count(spec, node) },
                "limits" => server with { LimitsSource = node, Limits = ServerLimitsBinder.Bind(node, values, issues) },
                "sharing" => server with { Sharing = values.Choice(spec, node) },
                _ => server with { Permissions = PermissionBinder.With(server.Permissions, spec, node, values) },
            };
        }

        server = server.CredentialRefs.IsGiven ? server with { Credentials = CredentialBinder.Find(server, secrets, issues) } : server;
        return secrets.GivenTo(server.Name) is { Count: > 0 } given ? server with { Secrets = given } : server;
    }
}
