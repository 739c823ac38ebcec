using Mimir.Router.Files;
using Mimir.Router.Model.Credentials;

namespace Mimir.Identity.Vaults;

/// <summary>Lets one process at a time change the vaults of a folder.</summary>
internal static class VaultLock
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(20);

    /// <summary>How long one is waited for.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Takes it, when it is free.</summary>
    /// <param name="vault">Full path of the vault, in a folder that is there.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="VaultException">Somebody else has it for longer than <see cref="Patience"/>, or it cannot be made.</exception>
    public static async Task<FileLock> TakeAsync(string vault, TimeProvider time, CancellationToken cancellationToken)
    {
        // One for a folder: the key in it belongs to all vaults there. Where a link stands, the folder is that of what it leads to.
        var link = new FileInfo(vault);
        var target = link.LinkTarget is null ? vault : link.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        var file = Path.Combine(Path.GetDirectoryName(target)!, ".secrets.lock");
        for (var begun = time.GetTimestamp(); ; await Task.Delay(Every, time, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                if (FileLock.TryTake(file) is { } held)
                {
                    return held;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new VaultException(VaultTrouble.NotSaved, new CredentialFault(file, $"cannot be opened: {e.Message}", "Give this user the right to write there"), e);
            }

            if (time.GetElapsedTime(begun) >= Patience)
            {
                throw new VaultException(VaultTrouble.Busy, new CredentialFault(vault, "another process is changing the vault", "Try again when it has ended"));
            }
        }
    }
}
