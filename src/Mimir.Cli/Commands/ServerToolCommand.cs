using System.CommandLine;
using Mimir.Configuration.Editing;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir server deny-tool</c> and <c>mimir server allow-tool</c>: adds to and takes from <c>deniedTools</c> of a server.</summary>
internal sealed class ServerToolCommand : Command
{
    public ServerToolCommand(CliContext context, bool denies)
        : base(
            denies ? "deny-tool" : "allow-tool",
            denies ? "Deny tools of a server, whatever a namespace allows." : "Take back mimir server deny-tool.")
    {
        var name = CommonOptions.Server(context, "SERVER");
        var tools = new Argument<string[]>("TOOL") { Description = "Tools by the server's own names, or patterns like delete_*.", Arity = ArgumentArity.OneOrMore };
        Add(name);
        Add(tools);
        SetAction((parsed, cancellationToken) =>
        {
            var (server, names) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(tools));
            var words = string.Join(", ", names);
            return ConfigChange.RunAsync(
                context,
                parsed,
                draft => denies ? ServerEdits.DenyTools(draft, server, names) : ServerEdits.AllowTools(draft, server, names),
                denies ? $"Denied of {server}: {words}." : $"Denied no more of {server}: {words}.",
                denies ? $"Denied of {server} already: {words}." : $"Not denied of {server} by name: {words}.",
                cancellationToken);
        });
    }
}
