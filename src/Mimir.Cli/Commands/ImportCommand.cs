using System.Collections.Immutable;
using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Cli.Views;
using Mimir.Configuration.Import;
using Mimir.Router.State;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir import</c>: takes servers over from other clients, and takes that back.</summary>
internal sealed class ImportCommand : Command
{
    private readonly Argument<string?> _source = new("CLIENT|FILE")
    {
        Description = "A client, or a file with servers as clients write them. Without it: shows what all clients have, and changes nothing.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _only = new("--only") { Description = "Only these servers, by their names there.", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _as = new("--as") { Description = "Another name for a server, e.g. --as files=docs.", HelpName = "NAME=NEW", AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> _replace = new("--replace") { Description = "Replace servers that an import or command has written and that are different." };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Write without asking." };
    private readonly Option<bool> _undo = new("--undo") { Description = "Take the last import back." };
    private readonly Option<bool> _json = CommonOptions.Json("Print {\"files\":[...]} instead of text; nothing is written without --yes.");

    public ImportCommand(CliContext context)
        : base("import", "Take over servers from Claude Desktop, Claude Code, Cursor, VS Code, Codex and other clients. Starts nothing, and changes no file of a client.")
    {
        Add(_source);
        foreach (var option in (Option[])[_only, _as, _replace, _yes, _undo, _json])
        {
            Add(option);
        }

        SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            var importer = context.Host.Imports(parsed.GetValue(CommonOptions.Config), context.Environment.WorkingDirectory);
            return await (parsed.GetValue(_undo) ? UndoAsync(context, parsed, importer) : LookAsync(context, parsed, importer, cancellationToken)).ConfigureAwait(false);
        }
        catch (ImportException e)
        {
            throw new CommandFailure(
                e.Kind switch
                {
                    ImportTrouble.Asked => ExitCodes.Usage,
                    ImportTrouble.Busy => ExitCodes.Unavailable,
                    _ => ExitCodes.Failure,
                },
                e.Message,
                e);
        }
    }

    private async Task<int> UndoAsync(CliContext context, ParseResult parsed, Importer importer)
    {
        if (parsed.GetValue(_source) is not null || parsed.GetValue(_replace) || parsed.GetValue(_only)!.Length > 0 || parsed.GetValue(_as)!.Length > 0)
        {
            throw new CommandFailure(ExitCodes.Usage, "mimir import --undo takes the last import back as a whole, and takes nothing more.");
        }

        var files = await context.Host.AuditedAsync(
            parsed.GetValue(CommonOptions.Config),
            () => Task.FromResult(importer.Undo()),
            static files => new ChangeRecord("import_undone") { Count = files.Length }).ConfigureAwait(false);
        if (parsed.GetValue(_json))
        {
            context.Console.Out.WriteLine(ImportView.ToJson(files));
        }

        context.Console.Error.WriteLine(SafeText.Line($"As before the last import: {string.Join(", ", files)}."));
        return ExitCodes.Success;
    }

    private async Task<int> LookAsync(CliContext context, ParseResult parsed, Importer importer, CancellationToken cancellationToken)
    {
        var source = parsed.GetValue(_source);
        var wish = new ImportWish { Only = parsed.GetValue(_only)!, Names = Names(parsed.GetValue(_as)!), Replace = parsed.GetValue(_replace) };
        if (source is null && (wish.Only.Count > 0 || wish.Names.Count > 0 || wish.Replace || parsed.GetValue(_yes)))
        {
            throw new CommandFailure(ExitCodes.Usage, "Name the client or the file to import from. mimir import shows what is there.");
        }

        var files = importer.Look(source, wish);
        if (parsed.GetValue(_json))
        {
            context.Console.Out.WriteLine(ImportView.ToJson(files));
        }
        else
        {
            ImportView.Write(context.Console, files, isWhole: source is not null);
        }

        if (source is null)
        {
            Say(context, files.IsEmpty ? "No client with servers is found." : "Nothing is changed. mimir import CLIENT imports from one of them.");
            return ExitCodes.Success;
        }

        return await WriteAsync(context, parsed, importer, wish, files, cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> WriteAsync(CliContext context, ParseResult parsed, Importer importer, ImportWish wish, ImmutableArray<ImportFile> files, CancellationToken cancellationToken)
    {
        if (files.SelectMany(file => file.Issues).ToArray() is { Length: > 0 } faults)
        {
            throw new CommandFailure(ExitCodes.Configuration, string.Join('\n', faults.Select(fault => fault.ToString())));
        }

        var items = files.SelectMany(file => file.Items).ToArray();
        var written = items.Count(item => item.IsWritten);
        if (!wish.Replace && items.Count(item => item.State == ImportState.Different) is var kept and > 0)
        {
            Say(context, $"{Counted(kept)} here with other content and left as is: --replace replaces.");
        }

        if (written == 0)
        {
            Say(context, "There is nothing to import.");
            return ExitCodes.Success;
        }

        if (importer.Check(files) is { IsEmpty: false } issues)
        {
            throw new CommandFailure(
                ExitCodes.Configuration,
                $"The configuration would have errors, so nothing is written. The files as they would be:\n{string.Join('\n', issues.Select(issue => issue.ToString()))}\n"
                + "Set first what is missing, or name the servers that you want: --only NAME, once for each.");
        }

        if (!parsed.GetValue(_yes) && !await IsWantedAsync(context, parsed, written, cancellationToken).ConfigureAwait(false))
        {
            Say(context, "Nothing is written.");
            return ExitCodes.Success;
        }

        await context.Host.AuditedAsync(
            parsed.GetValue(CommonOptions.Config),
            () =>
            {
                importer.Apply(parsed.GetValue(_source), wish, files);
                return Task.FromResult(written);
            },
            static count => new ChangeRecord("imported") { Count = count }).ConfigureAwait(false);
        Say(context, $"{Counted(written)} imported. mimir list starts and shows them; mimir import --undo takes it back.");
        if (items.Any(item => item.IsWritten && item.HoldsSecrets))
        {
            Say(context, "What is secret in them stands there as it stood with the client, in files that only you may read. Safer: mimir secret set NAME, and \"${secret:NAME}\" in its place.");
        }

        return ExitCodes.Success;
    }

    private async Task<bool> IsWantedAsync(CliContext context, ParseResult parsed, int written, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_json))
        {
            return false;
        }

        if (!context.Console.InIsTerminal)
        {
            throw new CommandFailure(ExitCodes.Usage, "Nothing is written: nobody can be asked here. Add --yes to write.");
        }

        await context.Console.Error.WriteAsync($"Import {written} of them? [y/N] ".AsMemory(), cancellationToken).ConfigureAwait(false);
        var answer = await context.Console.In.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        return answer?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    private static string Counted(int count) => count == 1 ? "1 server is" : $"{count} servers are";

    private static void Say(CliContext context, string text) => context.Console.Error.WriteLine(SafeText.Line(text));

    private static Dictionary<string, string> Names(string[] pairs)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            // A name may hold =, and the new one seldom does.
            var sign = pair.LastIndexOf('=');
            if (sign <= 0 || sign == pair.Length - 1 || !names.TryAdd(pair[..sign], pair[(sign + 1)..]))
            {
                throw new CommandFailure(ExitCodes.Usage, "Write --as NAME=NEW, once for a name: the name there, and the name here.");
            }
        }

        return names;
    }
}
