using Mimir.Configuration;
using Mimir.Configuration.Plugins;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Watching;
using Mimir.Configuration.Issues;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.Model.Permissions;
using Mimir.Router.Policies.Audit;
using Mimir.Router.State;

namespace Mimir.Cli.Composition;

/// <summary>
/// Takes over what the files of the configuration say whenever they change. While they have errors, what they said before goes on.
/// </summary>
internal sealed class Reloading : IAsyncDisposable
{
    private readonly RouterEngine _engine;
    private readonly AuditLog _audit;
    private readonly Func<ConfigResult, RouterModel> _compose;
    private readonly Action<string> _log;
    private readonly bool _connects;
    private readonly ConfigWatch _watch;
    private readonly string _place;
    private readonly string _main;
    private readonly string _spaces;
    private string _said;
    private bool _hasFiles;
    private bool _hasMain;
    private bool _hasSpaces;
    private bool _isBroken;

    /// <summary>Begins.</summary>
    /// <param name="engine">The router.</param>
    /// <param name="audit">Told of what was taken over, and how it is to be kept.</param>
    /// <param name="location">Where the configuration is.</param>
    /// <param name="hasFiles">True when there was a file at the start.</param>
    /// <param name="said">The issues that were told of already.</param>
    /// <param name="compose">Makes what is wanted of what was read without errors.</param>
    /// <param name="connects">True to connect to new servers at once, false to leave it to who asks for them.</param>
    /// <param name="log">Takes sentences for the operator.</param>
    /// <param name="plugins">What plugins were at the start.</param>
    public Reloading(
        RouterEngine engine,
        AuditLog audit,
        ConfigLocation location,
        bool hasFiles,
        IReadOnlyList<string> said,
        Func<ConfigResult, RouterModel> compose,
        bool connects,
        Action<string> log,
        PluginMemory plugins)
    {
        _place = location.Path;
        _main = location.MainFile;
        _hasMain = File.Exists(_main);
        _spaces = location.NamespacesFolder;
        _hasFiles = hasFiles;
        _engine = engine;
        _audit = audit;
        _compose = compose;
        _log = log;
        _connects = connects;
        _said = string.Join('\n', said);
        _watch = new ConfigWatch(location, ProcessEnvironment.Instance, TimeProvider.System, Take, UserVault.Instance, plugins);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    private void Take(ConfigResult read)
    {
        try
        {
            Apply(read);
        }
        catch (Exception e)
        {
            _log($"the changed configuration could not be taken over: {e.Message}");
        }
    }

    private void Apply(ConfigResult read)
    {
        var issues = string.Join('\n', read.Issues.Select(static i => i.ToString()));
        var isNews = issues != _said;
        _said = issues;
        if (read.Model is null)
        {
            if (isNews || !_isBroken)
            {
                _log("the configuration has errors, and what it said before goes on until they are mended:\n" + issues);
                _audit.Add(new ChangeRecord("reload_refused") { Count = read.Issues.Count(static i => i.Severity == IssueSeverity.Error) });
            }

            _isBroken = true;
            return;
        }

        if (isNews && issues.Length > 0)
        {
            _log(issues);
        }

        var lacksMain = _hasMain && !read.Files.Contains(_main, StringComparer.Ordinal) && _engine.Model.Permissions != PermissionsModel.None;
        var lacksSpaces = _hasSpaces && !Directory.Exists(_spaces);
        if ((read.Files.IsEmpty && _hasFiles) || lacksMain || lacksSpaces)
        {
            // Whoever takes the last file away for a moment, or a disk that is not mounted, is to end no call. And what narrows what clients
            // are given is not to be lost with its file.
            if (!_isBroken)
            {
                _log(lacksMain
                    ? $"{_main} is not there any more, and what it said goes on, for it says what is allowed"
                    : lacksSpaces ? $"{_spaces} is not there any more, and what its files said goes on, for they say what is allowed"
                    : $"no file of the configuration is there any more ({_place}), and what the last one said goes on");
            }

            _isBroken = true;
            return;
        }

        _hasFiles |= !read.Files.IsEmpty;
        _hasMain = read.Files.Contains(_main, StringComparer.Ordinal);
        _hasSpaces = read.Files.Any(f => Path.GetDirectoryName(f) == _spaces);
        _audit.Apply(read.Model.Audit);
        var outcome = _engine.Apply(_compose(read));
        if (!outcome.IsNothing || outcome.HasOther || _isBroken || (isNews && issues.Length == 0))
        {
            _log("the configuration was read again: " + Describe(outcome));
            _audit.Add(new ChangeRecord("reload") { Detail = Describe(outcome) });
        }

        _isBroken = false;
        if (_connects)
        {
            foreach (var name in outcome.Added.Concat(outcome.Changed))
            {
                _ = _engine.ProbeAsync(name);
            }
        }
    }

    private static string Describe(ReloadOutcome outcome)
    {
        string[] parts = [Part("added", outcome.Added), Part("changed", outcome.Changed), Part("removed", outcome.Removed), outcome.HasOther ? "other settings changed" : ""];
        return outcome.IsNothing && !outcome.HasOther ? "no server has changed" : string.Join("; ", parts.Where(static p => p.Length > 0));
    }

    private static string Part(string what, IReadOnlyList<string> names) => names.Count == 0 ? "" : $"{what} {string.Join(", ", names)}";
}
