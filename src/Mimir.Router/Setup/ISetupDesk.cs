namespace Mimir.Router.Setup;

/// <summary>What is set up and what is missing, and the one place where surfaces ask for changes of it. Implemented by the floor above. Thread-safe.</summary>
public interface ISetupDesk
{
    /// <summary>What is there now: files are read for it.</summary>
    SetupSnapshot Read();

    /// <summary>
    /// Makes a change, or, where it leads to a command being started or <paramref name="mustConfirm"/> says so, keeps it for the operator to confirm:
    /// then nothing is changed and <see cref="SetupOutcome.Ticket"/> is its number.
    /// </summary>
    /// <param name="change">What is wanted.</param>
    /// <param name="mustConfirm">Whether the operator is to confirm it whatever it leads to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<SetupOutcome> ChangeAsync(SetupChange change, bool mustConfirm, CancellationToken cancellationToken);

    /// <summary>Keeps a secret that the operator typed himself.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value, which stands in no outcome, log or error.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<SetupOutcome> SetSecretAsync(string name, string value, CancellationToken cancellationToken);

    /// <summary>The last lines that a server wrote to stderr, masked as everywhere.</summary>
    /// <param name="server">Its name.</param>
    /// <param name="lines">How many at most: 1 to 500.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when there is no such server.</returns>
    Task<IReadOnlyList<string>?> ReadLogAsync(string server, int lines, CancellationToken cancellationToken);
}
