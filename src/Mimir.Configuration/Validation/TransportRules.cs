using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;
using Mimir.Protocol.Revisions;

namespace Mimir.Configuration.Validation;

/// <summary>Exactly one way to reach a server, and no setting that has no meaning on that way.</summary>
internal sealed class TransportRules : IConfigValidator
{
    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        foreach (var server in config.Servers)
        {
            // An entry that is no object has no keys to talk about.
            if (server.Source.Value.Kind == ConfigKind.Object)
            {
                CheckWay(server, issues);
                CheckSwitch(server, issues);
            }
        }
    }

    private static void CheckWay(ServerConfig server, IssueList issues)
    {
        if (!server.Command.IsGiven && !server.Url.IsGiven && !server.App.IsGiven)
        {
            issues.Error(
                server.Source.Mark,
                server.Source.Value.Path,
                "has neither command nor url",
                "Write \"command\" to start a program, or \"url\" to reach a server that runs");
        }
        else if (server.Command.Source is { } command && server.Url.Source is { } url)
        {
            issues.Error(
                Later(command, url),
                $"command and url exclude each other, on lines {command.Mark.Line} and {url.Mark.Line}",
                "Remove one of the two");
        }
        else if (server.Command.IsGiven)
        {
            CheckProcess(server, issues);
        }
        else
        {
            CheckUrl(server, issues);
        }
    }

    private static void CheckProcess(ServerConfig server, IssueList issues)
    {
        if (server.Type.HasValue && server.Type.Value != "stdio")
        {
            issues.Error(server.Type.Source!, "needs url, and the server has command", "Write \"type\": \"stdio\", or remove type");
        }

        if (server.Protocol.Or("auto") == "sse")
        {
            issues.Error(server.Protocol.Source!, "needs url, and the server has command", "Remove protocol: sse is spoken over HTTP only");
        }

        RefuseUnlessEmpty(server.Headers.Source, "headers go with url, and the server has command", "Remove headers; a program takes its secrets from env", issues);
    }

    private static void CheckUrl(ServerConfig server, IssueList issues)
    {
        // What is reached where an app says has its address from there.
        var place = (server.Url.Source ?? server.App.Source)!.Path.ToString().EndsWith(".app", StringComparison.Ordinal) ? "app" : "url";
        var remedy = $"Remove it, or write command instead of {place}";
        RefuseUnlessEmpty(server.Arguments.Source, $"args go with command, and the server has {place}", remedy, issues);
        RefuseUnlessEmpty(server.Environment.Source, $"env goes with command, and the server has {place}", remedy, issues);
        RefuseUnlessEmpty(server.CredentialRefs.Source, $"credentialRefs go with command, and the server has {place}", "Write ${secret:NAME} in headers instead", issues);
        RefuseUnlessEmpty(server.LimitsSource, $"limits go with command, and the server has {place}", remedy, issues);
        RefuseUnlessEmpty(server.WorkingDirectory.Source, $"cwd goes with command, and the server has {place}", remedy, issues);
        RefuseUnlessEmpty(server.IdleTimeout.Source, $"idleTimeout goes with command, and the server has {place}", remedy, issues);
        RefuseUnlessEmpty(server.MaxStarts.Source, $"maxStarts goes with command, and the server has {place}", remedy, issues);

        var type = server.Type.Or("");
        var protocol = server.Protocol.Or("auto");
        if (type == "stdio")
        {
            issues.Error(server.Type.Source!, "needs command, and the server has url", "Write \"type\": \"http\" or \"sse\", or remove type");
        }
        else if (type == "http" && protocol == "sse")
        {
            issues.Error(server.Protocol.Source!, "contradicts type http", "Remove one of the two");
        }
        else if (type == "sse" && Revision.Find(protocol) is { Era: Era.Modern })
        {
            issues.Error(server.Protocol.Source!, "contradicts type sse: this revision has no such transport", "Remove one of the two, or write an older revision");
        }
    }

    private static void CheckSwitch(ServerConfig server, IssueList issues)
    {
        if (server.Enabled.HasValue && server.Disabled.HasValue && server.Enabled.Value == server.Disabled.Value)
        {
            issues.Error(
                Later(server.Enabled.Source!, server.Disabled.Source!),
                "enabled and disabled contradict each other",
                "Remove disabled: enabled says the same");
        }
    }

    private static void RefuseUnlessEmpty(ConfigNode? source, string message, string remedy, IssueList issues)
    {
        // Programs that write configurations leave empty lists behind.
        if (source is not null && (source.Kind is not (ConfigKind.Array or ConfigKind.Object) || source.Items.Length + source.Members.Length > 0))
        {
            issues.Error(source, message, remedy);
        }
    }

    private static ConfigNode Later(ConfigNode a, ConfigNode b) =>
        (a.Mark.Line, a.Mark.Column).CompareTo((b.Mark.Line, b.Mark.Column)) > 0 ? a : b;
}
