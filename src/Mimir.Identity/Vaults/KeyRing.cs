using System.Security.Cryptography;
using System.Text;
using Mimir.Router.Files;
using Mimir.Router.Model.Credentials;

namespace Mimir.Identity.Vaults;

/// <summary>Finds the key of a vault, or makes it.</summary>
/// <param name="place">Where it is.</param>
/// <param name="disk">What a new one is saved with.</param>
internal sealed class KeyRing(VaultPlace place, IDisk disk)
{
    private const int MostBytes = 1024;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The key that is there.</summary>
    /// <exception cref="VaultException">It is not there, not fit to be used, or others may read it.</exception>
    public VaultKey Find() => Given() ?? Read() ?? throw Unusable(
        place.KeyFile,
        "the key of the vault is not there",
        $"Bring it back, or name it with {VaultPlace.KeyFileVariable}; without it nobody can read {place.File}: to begin anew, take that file away and set every secret again");

    /// <summary>The key that is there, or a new one where nobody named one. Only under the lock of the vault, and only while there is no vault.</summary>
    /// <exception cref="VaultException">It is not fit to be used, or others may read it.</exception>
    /// <exception cref="IOException">A new one could not be saved.</exception>
    public VaultKey FindOrMake()
    {
        if ((Given() ?? Read()) is { } known)
        {
            return known;
        }

        if (place.IsKeyGiven)
        {
            throw Unusable(
                place.KeyFile,
                $"does not exist ({VaultPlace.KeyFileVariable} names it)",
                "Create it with: (umask 077 && head -c 32 /dev/urandom | base64 > FILE); or unset the variable, and a key is made");
        }

        var key = VaultKey.Draw();
        var line = key.ToLine();
        try
        {
            DurableFile.Save(disk, place.KeyFile, line, DurableFile.Private);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(line);
        }
    }

    private VaultKey? Given() => place.KeyText is not { } text ? null
        : VaultKey.Parse(text) ?? throw Unusable(
            place.File, $"the key that {CredentialNames.KeyVariable} holds is not base64 of {VaultKey.Bytes} bytes", "Set the key that the vault was made with, or unset the variable");

    private VaultKey? Read()
    {
        try
        {
            using var stream = new FileStream(place.KeyFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(stream.SafeFileHandle) & Others) != 0)
            {
                throw Unusable(place.KeyFile, "others than its owner may use the key of the vault", $"Run: chmod 600 {place.KeyFile}; and if others have been there, set every secret anew");
            }

            Span<byte> bytes = stackalloc byte[MostBytes];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var key = length < bytes.Length ? VaultKey.Parse(Encoding.ASCII.GetString(bytes[..length])) : null;
            CryptographicOperations.ZeroMemory(bytes);
            return key ?? throw Unusable(place.KeyFile, $"is not base64 of {VaultKey.Bytes} bytes, and is meant to be the key of the vault", "Bring the right file back");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(place.KeyFile, $"the key of the vault cannot be read ({e.GetType().Name})", "Give this user the right to read it, and nobody else", e);
        }
    }

    private static VaultException Unusable(string file, string message, string remedy, Exception? cause = null) =>
        new(VaultTrouble.Unreadable, new CredentialFault(file, message, remedy), cause);
}
