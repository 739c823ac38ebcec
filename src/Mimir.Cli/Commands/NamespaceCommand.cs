using System.CommandLine;
using Mimir.Configuration.Editing;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir namespace</c>: which selections clients are given.</summary>
internal sealed class NamespaceCommand : Command
{
    public NamespaceCommand(CliContext context)
        : base("namespace", "Manage namespaces: selections of servers that clients are given. Each is written to namespaces/NAME.json in the folder of the configuration.")
    {
        Aliases.Add("ns");
        Add(new NamespaceListCommand(context));
        Add(AddCommand(context));
        Add(RemoveCommand(context));
        Add(RenameCommand(context));
        Add(AssignCommand(context, assigns: true));
        Add(AssignCommand(context, assigns: false));
        Add(DefaultCommand(context));
        Add(DenyCommand(context));
    }

    private static Command AddCommand(CliContext context)
    {
        var name = new Argument<string>("NAME") { Description = "The namespace's name." };
        var description = new Option<string?>("--description", "-d") { Description = "What it is for.", HelpName = "TEXT" };
        var command = new Command("add", "Add a namespace without servers.") { name, description };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (space, words) = (parsed.GetRequiredValue(name), parsed.GetValue(description));
            return ConfigChange.RunAsync(context, parsed, draft => NamespaceEdits.Add(draft, space, words), $"{space} is added, in namespaces/{space}.json.", cancellationToken);
        });
        return command;
    }

    private static Command RemoveCommand(CliContext context)
    {
        var (name, yes) = (CommonOptions.Namespace(context), CommonOptions.Yes());
        var command = new Command("remove", "Remove a namespace. Clients that use it are given nothing any more.") { name, yes };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var space = parsed.GetRequiredValue(name);
            if (!parsed.GetValue(yes))
            {
                await ConfigChange.ConfirmAsync(context, $"the namespace {space}", cancellationToken).ConfigureAwait(false);
            }

            return await ConfigChange.RunAsync(context, parsed, draft => NamespaceEdits.Remove(draft, space), $"{space} is removed.", cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    private static Command RenameCommand(CliContext context)
    {
        var name = CommonOptions.Namespace(context, "OLD");
        var other = new Argument<string>("NEW") { Description = "Its name from now on." };
        var command = new Command("rename", "Give a namespace another name. Clients reach it by that alone.") { name, other };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (now, then) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(other));
            return ConfigChange.RunAsync(context, parsed, draft => NamespaceEdits.Rename(draft, now, then), $"{now} is {then} now.", cancellationToken);
        });
        return command;
    }

    private static Command AssignCommand(CliContext context, bool assigns)
    {
        var (name, server) = (CommonOptions.Namespace(context, "NAMESPACE"), CommonOptions.Server(context, "SERVER"));
        var command = new Command(
            assigns ? "assign" : "unassign", assigns ? "Add a server to a namespace." : "Remove a server from a namespace, and what is allowed and denied of it there.")
        { name, server };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (space, member) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(server));
            return ConfigChange.RunAsync(
                context,
                parsed,
                draft => assigns ? NamespaceEdits.Assign(draft, space, member) : NamespaceEdits.Unassign(draft, space, member),
                assigns ? $"{member} is a server of {space}." : $"{member} is no server of {space} any more.",
                assigns ? $"{member} is a server of {space} already." : $"{member} is no server of {space}.",
                cancellationToken);
        });
        return command;
    }

    private static Command DefaultCommand(CliContext context)
    {
        var name = CommonOptions.Namespace(context);
        var command = new Command("default", "Make a namespace the one of clients that choose none.") { name };
        command.SetAction((parsed, cancellationToken) =>
        {
            var space = parsed.GetRequiredValue(name);
            return ConfigChange.RunAsync(
                context, parsed, draft => NamespaceEdits.MakeDefault(draft, space), $"{space} is the default namespace.", $"{space} is the default namespace already.", cancellationToken);
        });
        return command;
    }

    private static Command DenyCommand(CliContext context)
    {
        var name = CommonOptions.Namespace(context);
        var denies = new Argument<bool>("true|false") { Description = "Whether it does." };
        var command = new Command("set-deny-default", "Say whether a namespace denies what nothing else speaks of.") { name, denies };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (space, word) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(denies) ? "denies" : "allows");
            return ConfigChange.RunAsync(
                context,
                parsed,
                draft => NamespaceEdits.SetDenyByDefault(draft, space, parsed.GetRequiredValue(denies)),
                $"{space} {word} what nothing else speaks of.",
                $"{space} {word} what nothing else speaks of already.",
                cancellationToken);
        });
        return command;
    }
}
