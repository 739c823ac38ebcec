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
    /// <param name="issues">Told what is wrong.</param>
    public static ServerConfig Bind(ConfigMember entry, Expander expander, IssueList issues)
    {
        var server = new ServerConfig(entry.Name, entry);
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
                "cwd" => server with { WorkingDirectory = values.Text(spec, node) },
                "url" => server with { Url = values.Text(spec, node) },
                "headers" => server with { Headers = values.TextMap(spec, node) },
                "type" => server with { Type = values.Choice(spec, node) },
                "prefix" => server with { Prefix = values.Text(spec, node) },
                "protocol" => server with { Protocol = values.Choice(spec, node) },
                "startupTimeout" => server with { StartupTimeout = values.Duration(spec, node) },
                "callTimeout" => server with { CallTimeout = values.Duration(spec, node) },
                "sharing" => server with { Sharing = values.Choice(spec, node) },
                _ => server,
            };
        }

        return server;
    }
}
