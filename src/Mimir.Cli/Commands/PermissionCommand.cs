using System.CommandLine;
using Mimir.Configuration.Editing;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir permission</c>: what a namespace allows and denies of its servers' tools.</summary>
internal sealed class PermissionCommand : Command
{
    private readonly CliContext _context;

    public PermissionCommand(CliContext context)
        : base("permission", "Allow and deny tools in a namespace. What a server's own entry denies stays denied.")
    {
        _context = context;
        Add(new PermissionListCommand(context));
        Add(SetCommand());
        Add(UnsetCommand());
        Add(SetDefaultCommand());
        Add(UnsetDefaultCommand());
    }

    private Command SetCommand()
    {
        var (space, server, tool, word) = (Space(), Server(), Tool(), Word());
        var command = new Command("set", "Allow or deny a tool in a namespace; the others stay as they are.") { space, server, tool, word };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (name, of, what) = (parsed.GetRequiredValue(space), parsed.GetRequiredValue(server), parsed.GetRequiredValue(tool));
            var allows = parsed.GetRequiredValue(word) == "allow";
            var done = $"{what} of {of} is {(allows ? "allowed" : "denied")} in {name}";
            return ConfigChange.RunAsync(_context, parsed, draft => PermissionEdits.Set(draft, name, of, what, allows), $"{done}.", $"{done} already.", cancellationToken);
        });
        return command;
    }

    private Command UnsetCommand()
    {
        var (space, server, tool) = (Space(), Server(), Tool());
        var command = new Command("unset", "Take back what was said of a tool in a namespace.") { space, server, tool };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (name, of, what) = (parsed.GetRequiredValue(space), parsed.GetRequiredValue(server), parsed.GetRequiredValue(tool));
            return ConfigChange.RunAsync(
                _context, parsed, draft => PermissionEdits.Unset(draft, name, of, what), $"Nothing is said of {what} of {of} in {name} any more.", $"Nothing is said of {what} of {of} in {name}.", cancellationToken);
        });
        return command;
    }

    private Command SetDefaultCommand()
    {
        var (space, server, word) = (Space(), Server(), Word());
        var command = new Command("set-server-default", "Say what holds for what nothing else speaks of, of one server in a namespace.") { space, server, word };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (name, of, allows) = (parsed.GetRequiredValue(space), parsed.GetRequiredValue(server), parsed.GetRequiredValue(word) == "allow");
            var done = $"What nothing else speaks of is {(allows ? "allowed" : "denied")} of {of} in {name}";
            return ConfigChange.RunAsync(_context, parsed, draft => PermissionEdits.SetDefault(draft, name, of, allows), $"{done}.", $"{done} already.", cancellationToken);
        });
        return command;
    }

    private Command UnsetDefaultCommand()
    {
        var (space, server) = (Space(), Server());
        var command = new Command("unset-server-default", "Have a server follow what the namespace says again.") { space, server };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (name, of) = (parsed.GetRequiredValue(space), parsed.GetRequiredValue(server));
            return ConfigChange.RunAsync(
                _context, parsed, draft => PermissionEdits.SetDefault(draft, name, of, null), $"{of} follows what {name} says.", $"{of} follows what {name} says already.", cancellationToken);
        });
        return command;
    }

    private Argument<string> Space() => CommonOptions.Namespace(_context, "NAMESPACE");

    private Argument<string> Server() => CommonOptions.Server(_context, "SERVER");

    private static Argument<string> Tool() => new("TOOL") { Description = "A tool by the server's own name, or a pattern like read_*." };

    private static Argument<string> Word()
    {
        var word = new Argument<string>("allow|deny") { Description = "Which of the two." };
        word.AcceptOnlyFromAmong("allow", "deny");
        return word;
    }
}
