using Mimir.Cli.Hosting;
using Mimir.Configuration;
using Mimir.Configuration.Model;
using Mimir.Configuration.Sources;
using Mimir.Identity.Vaults;
using Mimir.Router.State;

namespace Mimir.Cli.Composition;

/// <summary>The vault of the user, beside what a configuration says of its secrets.</summary>
/// <param name="place">Where the vault is.</param>
/// <param name="config">A file or folder of configuration, or null for the default places.</param>
/// <param name="say">Takes sentences for the operator.</param>
internal sealed class SecretStore(VaultPlace place, string? config, Action<string> say) : ISecretStore
{
    private readonly Vault _vault = new(place, TimeProvider.System);

    /// <summary>The one of the user we run as.</summary>
    /// <exception cref="CommandFailure">There is no home to keep it in.</exception>
    public static SecretStore Of(string? config, Action<string> say) => new(
        VaultPlace.ForUser(Environment.GetEnvironmentVariable)
        ?? throw new CommandFailure(
            ExitCodes.Unavailable,
            $"Secrets are kept in the home folder, and neither HOME nor XDG_DATA_HOME is set. Set one of them, or name a file with {VaultPlace.FileVariable}."),
        config,
        say);

    /// <inheritdoc/>
    public IReadOnlyList<SecretRow> List(Action<string> say)
    {
        var rows = new SortedDictionary<string, SecretRow>(StringComparer.Ordinal);
        foreach (var (name, entry) in Try(_vault.Read))
        {
            rows[name] = new SecretRow(name, entry.SetAt, Word(SecretSource.Vault), []);
        }

        var read = ConfigLoader.Load(ConfigLocation.Find(config, ProcessEnvironment.Instance), ProcessEnvironment.Instance, UserVault.Instance);
        if (read.Model is null)
        {
            say("The configuration has errors, so not every use may be seen: mimir list shows them.");
        }

        foreach (var uses in read.Secrets.GroupBy(u => u.Name, StringComparer.Ordinal))
        {
            rows[uses.Key] = new SecretRow(
                uses.Key, rows.GetValueOrDefault(uses.Key)?.SetAt, Word(uses.First().Source), [.. uses.Select(u => u.Server).Distinct(StringComparer.Ordinal)]);
        }

        return [.. rows.Values];
    }

    /// <inheritdoc/>
    public Task SetAsync(string name, string value, CancellationToken cancellationToken) => RecordAsync("secret_set", name, async () =>
    {
        await _vault.SetAsync(name, value, cancellationToken).ConfigureAwait(false);
        return true;
    });

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(string name, CancellationToken cancellationToken) =>
        RecordAsync("secret_removed", name, () => _vault.RemoveAsync(name, cancellationToken));

    /// <summary>Changes the vault and keeps that it was, by the name and never the value.</summary>
    private Task<bool> RecordAsync(string change, string name, Func<Task<bool>> work) =>
        AuditedWork.RunAsync(config, say, () => TryAsync(work), isChanged => isChanged ? new ChangeRecord(change) { Name = name } : null);

    private static string? Word(SecretSource source) => source switch
    {
        SecretSource.Environment => "environment",
        SecretSource.Vault => "vault",
        SecretSource.DotEnv => ".env",
        _ => null,
    };

    private static T Try<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (VaultException e)
        {
            throw Failure(e);
        }
    }

    private static async Task<T> TryAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (VaultException e)
        {
            throw Failure(e);
        }
    }

    private static CommandFailure Failure(VaultException e) => new(
        e.Kind switch
        {
            VaultTrouble.Unreadable => ExitCodes.Configuration,
            VaultTrouble.Busy => ExitCodes.Unavailable,
            VaultTrouble.Refused => ExitCodes.Usage,
            _ => ExitCodes.Failure,
        },
        $"{e.Message}.",
        e);
}
