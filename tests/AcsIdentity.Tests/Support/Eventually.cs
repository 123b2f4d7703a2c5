using System;
using System.Threading.Tasks;
using Xunit;

namespace AcsIdentity.Tests.Support;

internal static class Eventually
{
    /// <summary>Waits until a condition holds that other threads bring about.</summary>
    public static async Task HoldsAsync(Func<bool> condition)
    {
        for (int i = 0; !condition(); i++)
        {
            Assert.True(i < 6000, "The condition did not hold within a minute.");
            await Task.Delay(10);
        }
    }
}
