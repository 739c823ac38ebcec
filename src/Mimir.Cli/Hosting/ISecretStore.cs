namespace Mimir.Cli.Hosting;

/// <summary>Secrets as commands see them: names go out, values go in.</summary>
internal interface ISecretStore
{
    /// <summary>Everything that is kept, and everything that servers refer to, by name.</summary>
    /// <param name="say">Takes a sentence about what stands in the way of the whole truth.</param>
    /// <exception cref="CommandFailure">What is kept cannot be read.</exception>
    IReadOnlyList<SecretRow> List(Action<string> say);

    /// <summary>Keeps a value under a name; when this returns it is on the disk.</summary>
    /// <exception cref="CommandFailure">It was not kept; what was there before is.</exception>
    Task SetAsync(string name, string value, CancellationToken cancellationToken);

    /// <summary>Removes a secret.</summary>
    /// <returns>False when none of that name is kept.</returns>
    /// <exception cref="CommandFailure">It was not removed.</exception>
    Task<bool> RemoveAsync(string name, CancellationToken cancellationToken);
}
