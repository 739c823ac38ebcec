using System.Text.Encodings.Web;
using System.Text.Json;
using Mimir.Cli.Hosting;
using Mimir.Configuration;
using Mimir.Configuration.Editing;
using Mimir.Configuration.Model;
using Mimir.Configuration.Proposals;
using Mimir.Configuration.Sources;
using Mimir.Identity.Vaults;
using Mimir.Router.Model;
using Mimir.Router.Policies.Audit;
using Mimir.Router.Setup;
using Mimir.Router.State;
using Mimir.Supervisor.Registry;

namespace Mimir.Cli.Composition;

/// <summary>What is set up, read from the files, and changes of it: made where they lead to nothing being started, else kept for the operator.</summary>
/// <param name="location">Where the configuration is.</param>
/// <param name="audit">Told of what is changed.</param>
/// <param name="say">Takes sentences for the operator.</param>
internal sealed class SetupDesk(ConfigLocation location, AuditLog audit, Action<string> say) : ISetupDesk
{
    // Whoever asks again and again is told what was read a moment ago: a load takes a core for some milliseconds.
    private static readonly TimeSpan s_fresh = TimeSpan.FromMilliseconds(200);
    private readonly Lock _gate = new();
    private (SetupSnapshot Snapshot, long At)? _read;
    private readonly ConfigStore _store = new(location, ProcessEnvironment.Instance, UserVault.Instance, TimeProvider.System);

    /// <summary>The changes that wait for the operator; null without a home.</summary>
    public static ProposalBook? Book() => StateFolder.ForUser(Environment.GetEnvironmentVariable) is { } state
        ? new ProposalBook(Path.Combine(state.Path, "proposals"), TimeProvider.System)
        : null;

    /// <summary>Words of a command, for people.</summary>
    public static string Show(IEnumerable<string> words) => string.Join(' ', words.Select(static w => w.Length > 0 && w.All(static c => c is > ' ' and < '\u007f' and not ('"' or '\'' or '\\')) ? w : $"\"{JsonEncodedText.Encode(w, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\""));

    /// <inheritdoc/>
    public SetupSnapshot Read()
    {
        lock (_gate)
        {
            if (_read is not { } last || TimeProvider.System.GetElapsedTime(last.At) > s_fresh)
            {
                _read = last = (ReadNow(), TimeProvider.System.GetTimestamp());
            }

            return last.Snapshot;
        }
    }

    private SetupSnapshot ReadNow()
    {
        var read = _store.Read();
        var book = read.Plugins.Inventory;
        return new SetupSnapshot
        {
            Place = location.Path,
            Profile = read.Plugins.Profile,
            Issues = [.. read.Issues.Select(static i => i.ToString())],
            HasErrors = read.Model is null,
            MemoryBackend = read.Model?.Memory.IsKept == true ? "file" : "noop",
            Hosts = book.Hosts.Length,
            Services = book.Services.Length,
            HostTypes = [.. book.Hosts.Select(static h => h.Type).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Plugins = [.. read.Plugins.Plugins.Select(Plugin)],
            Servers = [.. read.Model?.Servers.Select(Server) ?? [], .. read.SwitchedOff.Select(static n => new SetupServer(n, "", "", false))],
            Namespaces = [.. read.Model?.Permissions.Namespaces.Select(static n => new SetupNamespace(n.Name, n.Description, [.. n.Servers])) ?? []],
            DefaultNamespace = read.Model?.Permissions.DefaultNamespace,
            Waiting = [.. Book()?.List().Where(p => p.Config == location.Path).Select(static p => $"{WordOf(p.Change.Kind)} {p.Change.Name}: mimir approve {p.Id}") ?? []],
            SecretsSet = [.. Secrets(read).Distinct(StringComparer.Ordinal)],
        };
    }

    /// <inheritdoc/>
    public async Task<SetupOutcome> ChangeAsync(SetupChange change, bool mustConfirm, CancellationToken cancellationToken)
    {
        try
        {
            if (await audit.CheckAsync().ConfigureAwait(false) is { } unkept)
            {
                return SetupOutcome.Refused(unkept);
            }

            if (SetupWork.Touches(change.Kind))
            {
                new SetupWork(_store, TimeProvider.System, say).Require(change);
                return await ProposeAsync(change, StartsOf(change), cancellationToken).ConfigureAwait(false);
            }

            var isChanged = false;
            List<string> notes = [];
            var issues = await _store.ChangeAsync(
                draft =>
                {
                    isChanged = SetupEdits.Make(draft, change);
                    notes = draft.Notes;
                },
                (now, would) =>
                {
                    var starts = SetupEdits.Starts(now, would);
                    if (isChanged && (mustConfirm || SetupEdits.AlwaysStarts(change.Kind) || change.Kind == SetupChangeKind.RemoveServer || starts is not { Count: 0 }))
                    {
                        throw new ConfirmationNeededException([.. StartsOf(change), .. starts ?? []]);
                    }
                },
                cancellationToken).ConfigureAwait(false);
            Forget();
            if (isChanged)
            {
                audit.Add(new ChangeRecord(WordOf(change.Kind)) { Name = change.Name, Detail = "asked for by a tool" });
                say($"done, as a tool asked: {WordOf(change.Kind)} {change.Name}");
            }

            return new SetupOutcome { IsDone = true, Notes = isChanged ? [.. notes, .. issues.Select(static i => i.ToString())] : ["It was so already."] };
        }
        catch (ConfirmationNeededException e)
        {
            return await ProposeAsync(change, e.Starts, cancellationToken).ConfigureAwait(false);
        }
        catch (ConfigEditException e)
        {
            return SetupOutcome.Refused(e.Message);
        }
    }

    /// <inheritdoc/>
    public async Task<SetupOutcome> SetSecretAsync(string name, string value, CancellationToken cancellationToken)
    {
        try
        {
            await SecretStore.Of(location.IsExplicit ? location.Path : null, say).SetAsync(name, value, cancellationToken).ConfigureAwait(false);
            Forget();
            return new SetupOutcome { IsDone = true };
        }
        catch (CommandFailure e)
        {
            return SetupOutcome.Refused(e.Message);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>?> ReadLogAsync(string server, int lines, CancellationToken cancellationToken)
    {
        try
        {
            var rows = new List<string>();
            var request = new LogRequest { Config = location.IsExplicit ? location.Path : null, Server = server, Lines = lines };
            await foreach (var row in new LogRun(request, static _ => { }).ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                rows.Add(row.Text);
            }

            return rows;
        }
        catch (CommandFailure)
        {
            return null;
        }
    }

    /// <summary>The word for a change, in the audit log and for people.</summary>
    public static string WordOf(SetupChangeKind kind) => kind switch
    {
        SetupChangeKind.AddHost => "host_added",
        SetupChangeKind.AddService => "service_added",
        SetupChangeKind.InstallPlugin => "plugin_installed",
        SetupChangeKind.RemovePlugin => "plugin_removed",
        SetupChangeKind.EnablePlugin => "plugin_enabled",
        SetupChangeKind.DisablePlugin => "plugin_disabled",
        SetupChangeKind.ScaffoldPlugin => "plugin_scaffolded",
        SetupChangeKind.AddServer => "server_added",
        SetupChangeKind.RemoveServer => "server_removed",
        SetupChangeKind.EnableServer => "server_enabled",
        _ => "server_disabled",
    };

    private static SetupPlugin Plugin(PluginReport plugin) => new(plugin.Name, Examination.WordOf(plugin.Status))
    {
        Version = plugin.Version,
        Description = plugin.Description,
        File = plugin.File,
        Reason = plugin.Reason,
        Command = Show(plugin.Command),
        CredentialRefs = plugin.CredentialRefs,
        Reaches = plugin.Sees is { } sees ? [.. sees.Hosts.Concat(sees.Services).Select(static e => $"{e.Name} ({e.Address})")] : [],
        Missing = [.. plugin.Missing.Select(static m => new SetupNeed(m.Kind, m.Detail, m.Missing, m.Prompt))],
    };

    // Arguments, paths and queries may hold secrets.
    private static SetupServer Server(ServerModel server) => server.Transport switch
    {
        StdioModel stdio => new SetupServer(server.Name, "stdio", stdio.Command, true),
        HttpModel http => new SetupServer(server.Name, http.Kind == "sse" ? "sse" : "streamable_http", http.Url.GetLeftPart(UriPartial.Authority), true),
        _ => new SetupServer(server.Name, server.Transport.Kind, "", true),
    };

    private static IEnumerable<string> Secrets(ConfigResult read)
    {
        var kept = Enumerable.Empty<string>();
        try
        {
            kept = VaultPlace.ForUser(Environment.GetEnvironmentVariable) is { } place ? new Vault(place, TimeProvider.System).Read().Keys : [];
        }
        catch (VaultException)
        {
            // Told among the issues where somebody refers to a secret.
        }

        return kept.Concat(read.Secrets.Where(static s => s.Source != SecretSource.None).Select(static s => s.Name));
    }

    private static string[] StartsOf(SetupChange change) => change switch
    {
        { Command: { } command } => [Show([command, .. change.Arguments])],
        { Url: { } url } => [url],
        { Source: { } source } => [$"what the manifest of {source} says"],
        _ => [],
    };

    private void Forget()
    {
        lock (_gate)
        {
            _read = null;
        }
    }

    private async Task<SetupOutcome> ProposeAsync(SetupChange change, IReadOnlyList<string> starts, CancellationToken cancellationToken)
    {
        if (Book() is not { } book)
        {
            return SetupOutcome.Refused("The operator would have to confirm this, and there is no home folder to keep it in: neither HOME nor XDG_STATE_HOME is set.");
        }

        string ticket;
        try
        {
            ticket = await book.AddAsync(location, change, starts, cancellationToken).ConfigureAwait(false);
        }
        catch (ConfigEditException e)
        {
            return SetupOutcome.Refused(e.Message);
        }

        Forget();
        audit.Add(new ChangeRecord("proposed") { Name = change.Name, Detail = $"{WordOf(change.Kind)}, {ticket}" });
        say($"a tool asks for this, and nothing is done until you confirm it: {WordOf(change.Kind)} {change.Name}. To see it and decide: mimir approve {ticket}");
        return new SetupOutcome { Ticket = ticket, Starts = [.. starts] };
    }

    private sealed class ConfirmationNeededException(IReadOnlyList<string> starts) : Exception
    {
        public IReadOnlyList<string> Starts { get; } = starts;
    }
}
