using System.Linq;
using System.Text;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Faults;

/// <summary>Applies faults to responses.</summary>
internal static class FaultEffect
{
    /// <summary>Returns the response with the fault applied. A body fault does not change a response without a body.</summary>
    public static EmulatorResponse With(this EmulatorResponse response, Fault fault)
    {
        EmulatorResponse delayed = response with { Delay = fault.Delay };
        return fault.Kind switch
        {
            FaultKind.Drop or FaultKind.LoseAnswer => delayed with { Delivery = Delivery.None },
            FaultKind.CutAnswer => delayed with { Delivery = Delivery.Half },
            FaultKind.TruncatedBody => delayed with { Body = response.Body.Take(response.Body.Length / 2).ToArray() },
            FaultKind.MalformedBody when response.Body.Length > 0 => delayed with { Body = Encoding.UTF8.GetBytes("<html>This is not JSON.</html>") },
            _ => delayed,
        };
    }
}
