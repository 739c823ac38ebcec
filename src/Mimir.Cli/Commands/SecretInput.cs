using System.Text;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Commands;

/// <summary>Reads the value of a secret: from a person, who does not see it, or from a pipe.</summary>
internal static class SecretInput
{
    /// <summary>Longest value read, in bytes; the vault takes no longer one.</summary>
    private const int MostBytes = 64 << 10;

    /// <summary>Reads.</summary>
    /// <exception cref="CommandFailure">There is none, it is too long, or no text.</exception>
    public static async Task<string> ReadAsync(CliConsole console, string name, CancellationToken cancellationToken)
    {
        var value = console.InIsTerminal ? Ask(console, name, cancellationToken) : await ReadAllAsync(console.Input, cancellationToken).ConfigureAwait(false);
        return value.Length > 0 ? value : throw new CommandFailure(ExitCodes.Usage, "Nothing was given, so nothing is set.");
    }

    private static string Ask(CliConsole console, string name, CancellationToken cancellationToken)
    {
        console.Error.Write($"Value of {name} (not shown): ");
        try
        {
            return console.ReadHidden(MostBytes, cancellationToken) ?? throw TooLong();
        }
        finally
        {
            console.Error.WriteLine();
        }
    }

    private static async Task<string> ReadAllAsync(Stream input, CancellationToken cancellationToken)
    {
        // A line break at the end is that of whoever wrote it there; two bytes of it and one to see that there is more.
        var bytes = new byte[MostBytes + 3];
        var length = await input.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        var end = length > 0 && bytes[length - 1] == '\n' ? length - (length > 1 && bytes[length - 2] == '\r' ? 2 : 1) : length;
        if (end > MostBytes)
        {
            throw TooLong();
        }

        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes, 0, end);
        }
        catch (ArgumentException)
        {
            throw new CommandFailure(ExitCodes.Usage, "What was given is not UTF-8, and variables hold text. Encode it, say with base64.");
        }
        finally
        {
            Array.Clear(bytes);
        }
    }

    private static CommandFailure TooLong() => new(ExitCodes.Usage, $"The value is longer than {MostBytes >> 10} KiB, so nothing is set.");
}
