using System.Text;

namespace Mimir.Cli.Terminal;

/// <summary>Reads a line from a person's keyboard without showing it.</summary>
internal static class HiddenLine
{
    /// <summary>Reads up to Enter.</summary>
    /// <param name="most">Most characters.</param>
    /// <param name="cancellationToken">Looked at after each key.</param>
    /// <returns>Null when there are more.</returns>
    /// <exception cref="InterruptedException">The person pressed Ctrl-C or Ctrl-D.</exception>
    public static string? Read(int most, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var before = Console.TreatControlCAsInput;

        // As a key it is seen at once, and the terminal shows what is typed again afterwards.
        Console.TreatControlCAsInput = true;
        try
        {
            while (true)
            {
                var key = Console.ReadKey(intercept: true);
                cancellationToken.ThrowIfCancellationRequested();
                switch (key)
                {
                    case { Key: ConsoleKey.Enter } or { KeyChar: '\n' }:
                        return text.ToString();
                    case { Key: ConsoleKey.C or ConsoleKey.D, Modifiers: ConsoleModifiers.Control }:
                        throw new InterruptedException();
                    case { Key: ConsoleKey.U, Modifiers: ConsoleModifiers.Control }:
                        text.Clear();
                        break;
                    case { Key: ConsoleKey.Backspace }:
                        text.Length -= Math.Min(text.Length, text.Length > 1 && char.IsLowSurrogate(text[^1]) ? 2 : 1);
                        break;
                    case { KeyChar: not '\0' }:
                        if (text.Length == most)
                        {
                            return null;
                        }

                        text.Append(key.KeyChar);
                        break;
                }
            }
        }
        finally
        {
            Console.TreatControlCAsInput = before;
        }
    }
}
