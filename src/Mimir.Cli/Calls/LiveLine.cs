using System.Globalization;
using System.Text;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Calls;

/// <summary>
/// Progress on stderr: on a terminal one line that is written over, elsewhere a line for each step. Safe for any thread.
/// </summary>
internal sealed class LiveLine(CliConsole console) : IDisposable
{
    private const int BarWidth = 20;

    // Carriage return, then erase to the end of the line.
    private const string Erase = "\r\u001b[K";

    private readonly Lock _gate = new();
    private double _furthest = double.NegativeInfinity;
    private bool _isShown;
    private bool _isHeld;
    private string? _held;
    private bool _isOver;

    /// <summary>Shows how far the work is. News that arrives late and would step back is dropped.</summary>
    /// <param name="done">Rises with every report.</param>
    /// <param name="total">What it will reach, or null when that is not known.</param>
    /// <param name="message">What is being done; from outside.</param>
    public void Report(double done, double? total, string? message)
    {
        var text = Describe(done, total, message);
        lock (_gate)
        {
            if (_isOver || done <= _furthest)
            {
                return;
            }

            _furthest = done;
            if (_isHeld)
            {
                _held = text;
            }
            else
            {
                Show(text);
            }
        }
    }

    /// <summary>Takes the line away and keeps it away while the returned object lives, so that a question can be asked.</summary>
    public IDisposable Hold()
    {
        lock (_gate)
        {
            EraseIfShown();
            _isHeld = true;
        }

        return new Holding(this);
    }

    /// <summary>Takes the line away for good.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            EraseIfShown();
            _isOver = true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private void Release()
    {
        lock (_gate)
        {
            _isHeld = false;
            if (_held is { } text && !_isOver)
            {
                Show(text);
            }

            _held = null;
        }
    }

    private void Show(string text)
    {
        if (console.ErrorIsTerminal)
        {
            console.Error.Write(Erase + DisplayWidth.Fit(text, console.Width - 1));
            _isShown = true;
        }
        else
        {
            console.Error.WriteLine(text);
        }
    }

    private void EraseIfShown()
    {
        if (_isShown)
        {
            console.Error.Write(Erase);
            _isShown = false;
        }
    }

    private static string Describe(double done, double? total, string? message)
    {
        var text = new StringBuilder();
        if (total is > 0 and var whole)
        {
            var part = Math.Clamp(done / whole, 0, 1);
            var filled = (int)Math.Round(part * BarWidth);
            text.Append('[').Append('#', filled).Append('.', BarWidth - filled).Append("] ")
                .Append(CultureInfo.InvariantCulture, $"{part * 100,3:0}% {done:0.##}/{whole:0.##}");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"{done:0.##}");
        }

        return string.IsNullOrEmpty(message) ? text.ToString() : text.Append(' ').Append(SafeText.Prose(message)).ToString();
    }

    private sealed class Holding(LiveLine line) : IDisposable
    {
        private LiveLine? _line = line;

        public void Dispose() => Interlocked.Exchange(ref _line, null)?.Release();
    }
}
