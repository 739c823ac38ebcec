using System.Text;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Tests.Fakes;

/// <summary>A console that remembers what was written and types prepared lines.</summary>
internal sealed class TestConsole
{
    public TestConsole(bool terminal = false, bool colour = false, int width = 80, params string[] typed)
    {
        Lines = new ScriptedLines(typed);
        Console = new CliConsole
        {
            Out = new Sink(),
            Error = new Sink(),
            In = Lines,
            Input = Input,
            ReadHidden = (_, _) => IsInterrupted ? throw new InterruptedException() : Hidden,
            OutIsTerminal = terminal,
            ErrorIsTerminal = terminal,
            InIsTerminal = terminal,
            ColourAllowed = colour,
            Width = width,
        };
    }

    public CliConsole Console { get; }

    /// <summary>What is piped in, for who reads all of it.</summary>
    public MemoryStream Input { get; } = new();

    /// <summary>What is typed unseen; null for too much of it.</summary>
    public string? Hidden { get; set; } = "";

    /// <summary>Whether Ctrl-C is pressed instead.</summary>
    public bool IsInterrupted { get; set; }

    public ScriptedLines Lines { get; }

    public string Out => Console.Out.ToString()!;

    public string Error => Console.Error.ToString()!;

    /// <summary>Completes when stderr holds a text.</summary>
    public Task WaitForErrorAsync(string text) => ((Sink)Console.Error).WaitForAsync(text);

    /// <summary>Completes when stdout holds a text.</summary>
    public Task WaitForOutAsync(string text) => ((Sink)Console.Out).WaitForAsync(text);

    private sealed class Sink : TextWriter
    {
        private readonly StringBuilder _text = new();
        private readonly Lock _gate = new();
        private readonly List<(string Text, TaskCompletionSource Seen)> _waiting = [];

        public override Encoding Encoding => Encoding.UTF8;

        public override string NewLine => "\n";

        public override void Write(char value) => Write(value.ToString());

        public override void Write(string? value)
        {
            lock (_gate)
            {
                _text.Append(value);
                var all = _text.ToString();
                foreach (var (_, seen) in _waiting.Where(w => all.Contains(w.Text, StringComparison.Ordinal)))
                {
                    seen.TrySetResult();
                }
            }
        }

        public override void WriteLine(string? value) => Write(value + "\n");

        public override void WriteLine() => Write("\n");

        public Task WaitForAsync(string text)
        {
            lock (_gate)
            {
                if (_text.ToString().Contains(text, StringComparison.Ordinal))
                {
                    return Task.CompletedTask;
                }

                var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add((text, seen));
                return seen.Task.WaitAsync(TimeSpan.FromSeconds(15));
            }
        }

        public override string ToString()
        {
            lock (_gate)
            {
                return _text.ToString();
            }
        }
    }
}
