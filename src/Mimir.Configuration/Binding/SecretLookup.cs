using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;
using Mimir.Router.Model.Credentials;
using Mimir.Router.Model.Routing;

namespace Mimir.Configuration.Binding;

/// <summary>
/// Finds secrets by name: in the environment, then in the vault, then in <c>.env</c>. Neither file is opened before a server refers to a
/// secret. One load, one thread.
/// </summary>
/// <param name="environment">Where variables are looked up.</param>
/// <param name="vault">Where secrets are kept; null for nowhere.</param>
/// <param name="folder">Full path of the folder that holds <c>.env</c>.</param>
/// <param name="issues">Told what cannot be read.</param>
internal sealed class SecretLookup(IEnvironment environment, ICredentialSource? vault, string folder, IssueList issues)
{
    private readonly List<SecretUse> _uses = [];
    private readonly Dictionary<string, HashSet<string>> _given = new(StringComparer.Ordinal);
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private CredentialSet? _kept;
    private Dictionary<string, string>? _written;

    /// <summary>What is used by whom, in the order it was found.</summary>
    public IReadOnlyList<SecretUse> Uses => _uses;

    /// <summary>Full paths of the files that what was found depends on; empty while nobody refers to a secret.</summary>
    public IReadOnlyList<string> Files => _kept is null ? [] : [.. vault?.Files ?? [], Path.Combine(folder, DotEnvFile.Name)];

    /// <summary>Whether the vault could not be read, which is told already: then nobody knows what is missing.</summary>
    public bool IsBlind => _kept is { Fault: not null };

    /// <summary>Finds a value for a server, and notes that it is used.</summary>
    /// <param name="name">A good name.</param>
    /// <param name="server">Who is to get it.</param>
    /// <returns>Null when it is not set anywhere.</returns>
    public string? Find(string name, string server)
    {
        Open();
        var (value, source) = Look(name);
        var use = new SecretUse(name, server, source);
        if (!_uses.Contains(use))
        {
            _uses.Add(use);
        }

        if (value is not null)
        {
            (_given.TryGetValue(server, out var given) ? given : _given[server] = new HashSet<string>(StringComparer.Ordinal)).Add(value);
        }

        return value;
    }

    /// <summary>The values that were found for a server.</summary>
    public IReadOnlyCollection<string> GivenTo(string server) => _given.TryGetValue(server, out var given) ? given : [];

    /// <summary>The names that a pattern matches, sorted. One without wildcards matches its own name, whether it is set or not.</summary>
    public IReadOnlyList<string> Match(string pattern)
    {
        Open();
        if (CredentialNames.IsLiteral(pattern))
        {
            return [pattern];
        }

        var known = _kept!.Names.Concat(_written!.Keys);
        if (!CredentialNames.IsAnything(pattern))
        {
            known = known.Concat(environment.Names.Where(name => !string.IsNullOrEmpty(environment.Get(name))));
        }

        return [.. known.Where(name => Glob.Matches(pattern, name) && CredentialNames.Fault(name) is null).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>Whether there is a value; that it is looked for is not noted.</summary>
    public bool IsSet(string name)
    {
        Open();
        return Look(name).Value is not null;
    }

    private (string? Value, SecretSource Source) Look(string name)
    {
        var kept = _kept!.Find(name);
        if (environment.Get(name) is { Length: > 0 } set)
        {
            if (kept is not null && !string.Equals(kept, set, StringComparison.Ordinal) && _warned.Add(name))
            {
                issues.Warning(
                    ConfigMark.Whole(vault!.Files[0]),
                    KeyPath.Top,
                    $"the secret {name} has another value in the environment, which goes first",
                    $"Unset the variable where Mimir is started, or run: mimir secret remove {name}");
            }

            return (set, SecretSource.Environment);
        }

        return kept is not null ? (kept, SecretSource.Vault)
            : _written!.GetValueOrDefault(name) is { Length: > 0 } written ? (written, SecretSource.DotEnv)
            : (null, SecretSource.None);
    }

    private void Open()
    {
        if (_kept is not null)
        {
            return;
        }

        _kept = vault?.Read() ?? new CredentialSet(new Dictionary<string, string>(StringComparer.Ordinal));
        if (_kept.Fault is { } fault)
        {
            issues.Error(fault.File, fault.Message, fault.Remedy);
        }

        _written = DotEnvFile.Read(Path.Combine(folder, DotEnvFile.Name), issues);
    }
}
